// @ts-check
// The README's pictures, of the app as it is built, over the demo practice: node scripts/pictures.mjs <address of a server>

import { chromium } from "@playwright/test";
import { fileURLToPath } from "node:url";

const at = process.argv[2] ?? "http://127.0.0.1:3000";
const folder = fileURLToPath(new URL("../../../docs/pictures/", import.meta.url));
const answer = await fetch(`${at}/local/token`, {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ as: "ada@demo.test" }),
});
const { access_token } = await answer.json();
const browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

/** @param {string} name @param {string} path @param {number} width @param {"light" | "dark"} colorScheme @param {(page: import("@playwright/test").Page) => Promise<void>} [act] */
async function picture(name, path, width, colorScheme, act) {
  const viewport = { width, height: width < 500 ? 780 : 860 };
  const page = await browser.newPage({ viewport, colorScheme, locale: "en-CA", timezoneId: "America/Vancouver", reducedMotion: "reduce" });
  await page.addInitScript((token) => {
    sessionStorage.setItem("hourkeep.signed-in", JSON.stringify({ access_token: token, subject: "ada@demo.test" }));
  }, access_token);
  await page.goto(`${at}/app${path}`, { waitUntil: "networkidle" });
  await act?.(page);
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.close();
}

/** @param {import("@playwright/test").Page} page */
async function openEditor(page) {
  await page.getByRole("button", { name: "New session" }).first().click();
  await page.getByRole("dialog").getByLabel("Repeats").waitFor();
}

for (const [width, size] of /** @type {const} */ ([[1440, "desktop"], [390, "phone"]])) {
  await picture(`app-calendar-${size}`, "/calendar", width, "light");
  await picture(`app-clients-${size}`, "/", width, "light");
  await picture(`app-editor-${size}`, "/calendar", width, "light", openEditor);
}
await picture("app-calendar-dark", "/calendar", 1440, "dark");
await picture("app-settings-desktop", "/settings/event-types", 1440, "light");
await browser.close();
