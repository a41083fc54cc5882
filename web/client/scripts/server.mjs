// @ts-check
// A local server that keeps nothing, for as long as it is needed.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const BUILT = fileURLToPath(new URL("../../../target/debug/hourkeep", import.meta.url));

/**
 * Starts the binary that HOURKEEP_BIN names, on a free port.
 *
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
export function start() {
  const binary = process.env["HOURKEEP_BIN"] || BUILT;
  const env = { ...process.env, HOURKEEP_DATA: "memory", PORT: "0" };
  const server = spawn(binary, { env, stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => void server.kill();
  process.once("exit", stop);
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new Error(`${binary} does not start: ${error.message}. Build it with: cargo build -p hourkeep-local --bin hourkeep`)),
    );
    server.once("exit", (code, signal) => reject(new Error(`${binary} ended (${signal ?? code}) before it was ready.`)));
    createInterface({ input: server.stdout }).on("line", (line) => {
      const url = /^ready (http:\S+)$/.exec(line)?.[1];
      if (url) resolve({ url, stop });
    });
  });
}

/**
 * What the server says of its API.
 *
 * @param {string} url
 * @returns {Promise<unknown>}
 */
export async function description(url) {
  const response = await fetch(`${url}/v1/openapi.json`);
  if (!response.ok) throw new Error(`/v1/openapi.json was answered with ${response.status}.`);
  return response.json();
}
