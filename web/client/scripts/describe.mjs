// @ts-check
// Writes openapi.json as a server describes itself that was just built.

import { writeFile } from "node:fs/promises";
import { description, start } from "./server.mjs";

const server = await start();
try {
  const text = JSON.stringify(await description(server.url), null, 2);
  await writeFile(new URL("../openapi.json", import.meta.url), `${text}\n`);
} finally {
  server.stop();
}
