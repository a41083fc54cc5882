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

/** @param {string} to @param {unknown} [body] */
async function api(to, body) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${access_token}` };
  const answer = await fetch(at + to, body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${to}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

// What a practice has besides its sessions: a meeting, an hour that is taken, and a note.
const types = new Map((await api("/v1/event-types")).items.map((/** @type {{ name: string, id: string }} */ one) => [one.name, one.id]));
const now = new Date((await (await fetch(`${at}/local/clock`)).json()).now);
/** @param {number} days */
const day = (days) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
for (const [type, title, days, time, length_minutes] of /** @type {const} */ ([["Team meeting", "Case conference", 2, "13:00", 90], ["Busy", "Dentist", 3, "16:00", 45], ["Note", "Report due", 3, "10:30", 30]])) {
  await api("/v1/sessions", { clients: [], event_type_id: types.get(type), title, local_start: `${day(days)}T${time}`, length_minutes, allow_overlap: true });
}
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
const me = (await api("/v1/memberships")).items[0].practitioner_id;
const contacts = [{ name: "Gil Moreau", kind: "guardian", email: "gil@family.test" }];
const invited = await api("/v1/clients", { first_name: "Noa", last_name: "Moreau", practitioner_ids: [me], contacts, reminder_channels: ["email"] });
await api("/v1/sessions", { clients: [{ client_id: invited.id }], local_start: `${day(9)}T11:00`, invite: { send: true }, reminders: [{ days_before: 2, channel: "email" }], allow_overlap: true });
await picture("app-mail-desktop", `/clients/${invited.id}`, 1440, "light", async (page) => {
  await page.getByRole("button", { name: /^Details/ }).first().click();
  await page.getByRole("button", { name: /^Preview the mail/ }).first().click();
  await page.getByRole("region", { name: "What it says" }).waitFor();
});
await browser.close();
