import type { Schemas } from "@hourkeep/client";
import type { Locator, Page } from "@playwright/test";
import { ADA, expect, expectAccessible, good, test, type Server } from "./fixtures.js";

const full = (client: Schemas["Client"]) => [client.first_name, client.last_name].filter(Boolean).join(" ");
const guardian = { contacts: [{ kind: "guardian", name: "Gil Guardian", email: "gil@family.test" }] };
const sheet = (page: Page, name: RegExp | string) => page.getByRole("dialog", { name });
const day = (start: string) => start.slice(0, 10);

type Opens = (path: string, as?: string) => Promise<void>;

async function set(dialog: Locator, label: string, text: string) {
  const field = dialog.getByRole("combobox", { name: label, exact: true });
  await field.fill(text);
  await field.press("Escape");
  await field.blur();
}

async function begin(open: Opens, page: Page, client: Schemas["Client"], start: string) {
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Schedule session" }).first().click();
  const editor = sheet(page, "New session");
  await expect(editor.getByRole("combobox", { name: "Client" })).toHaveValue(full(client));
  await editor.getByLabel("Date", { exact: true }).fill(day(start));
  await set(editor, "Start", start.slice(11));
  return editor;
}

/** The sheet of the session that the series has at a place. */
async function reopen(open: Opens, page: Page, client: Schemas["Client"], series: Schemas["Series"], index = 0) {
  const start = new Date(`${series.sessions[index]?.local_start}:00Z`);
  const words = new Intl.DateTimeFormat("en-US", { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(start);
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: `Open the session of ${words}` }).click();
  const editor = sheet(page, `Session with ${full(client)}`);
  await expect(editor.getByRole("tab", { name: "History" })).toBeVisible();
  return editor;
}

async function weekly(server: Server, client: Schemas["Client"], start: string, count: number, invite = false): Promise<Schemas["Series"]> {
  const body = { clients: [{ client_id: client.id }], local_start: start, invite: { send: invite }, recurrence: { rule: `FREQ=WEEKLY;COUNT=${count}`, on_conflict: "keep" } };
  return good(await server.as(ADA).POST("/v1/series", { body }));
}

async function shown(server: Server, series: Schemas["Series"], index: number): Promise<Schemas["Session"]> {
  const id = series.sessions[index]?.session_id ?? "";
  return good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id } } }));
}

const later = (start: string, weeks: number) => new Date(Date.parse(`${start}:00Z`) + weeks * 7 * 86_400_000).toISOString().slice(0, 16);

test("the presets are in words, and each session is shown before it is booked", async ({ open, page, server }) => {
  const client = await server.client(guardian);
  const start = await server.freeStart();
  const editor = await begin(open, page, client, start);
  const repeats = editor.getByLabel("Repeats");
  await expect(repeats.getByRole("option", { name: /^Every other / })).toHaveCount(1);
  await repeats.selectOption("WEEKLY 2");
  await editor.getByLabel("Ends").selectOption("after");
  await editor.getByLabel("Sessions", { exact: true }).fill("3");
  const preview = editor.getByRole("region", { name: "The sessions of the series" });
  await expect(preview).toContainText("3 sessions will be booked");
  await expect(preview.getByRole("listitem")).toHaveCount(3);
  await editor.getByRole("button", { name: "Book series and send invites" }).click();
  await expect(editor).toContainText(`3 sessions with ${full(client)} booked`);
});

test("a pattern of one's own: some days of every second week, until a date", async ({ open, page, server }) => {
  const client = await server.client(guardian);
  const editor = await begin(open, page, client, "2027-02-01T07:00");
  await editor.getByLabel("Repeats").selectOption("custom");
  await editor.getByLabel("Every", { exact: true }).fill("2");
  await expect(editor.getByRole("checkbox", { name: "Monday" })).toBeChecked();
  await editor.getByRole("checkbox", { name: "Thursday" }).check();
  await editor.getByLabel("Ends").selectOption("on");
  await editor.getByLabel("Last day").fill("2027-02-28");
  const preview = editor.getByRole("region", { name: "The sessions of the series" });
  await expect(preview.getByRole("listitem")).toHaveCount(4);
  await expect(preview.getByRole("listitem").nth(1)).toContainText("Thu, Feb 4, 2027");
  await editor.getByRole("checkbox", { name: "Monday" }).uncheck();
  await expect(preview).toContainText("It does not recur on the day it would start");
  await preview.getByRole("button", { name: "Start on Thu, Feb 4, 2027" }).click();
  await expect(editor.getByLabel("Date", { exact: true })).toHaveValue("2027-02-04");
});

test("a taken time is named, and is skipped, kept or stops the series", async ({ open, page, server }) => {
  const start = await server.freeStart();
  const there = await server.client();
  for (const weeks of [1, 2]) await server.session(there, { local_start: later(start, weeks) });
  const client = await server.client(guardian);
  const editor = await begin(open, page, client, start);
  const repeats = editor.getByLabel("Repeats");
  await repeats.selectOption("WEEKLY 1");
  await editor.getByLabel("Ends").selectOption("after");
  await editor.getByLabel("Sessions", { exact: true }).fill("4");
  const preview = editor.getByRole("region", { name: "The sessions of the series" });
  await expect(preview).toContainText("2 times are taken");
  await expect(preview).toContainText(`10:00 AM – 11:00 AM with ${full(there)}`);
  await editor.getByRole("button", { name: "Book series and send invites" }).click();
  await expect(preview).toContainText("Some of the times are taken.");
  await preview.getByRole("radio", { name: /^Skip it/ }).check();
  await expect(preview).toContainText("2 sessions will be booked, 2 skipped");
  await preview.getByRole("listitem").nth(2).getByRole("combobox").selectOption("keep");
  await expect(preview).toContainText("3 sessions will be booked, 1 skipped");
  await expectAccessible(page);
  await editor.getByRole("button", { name: "Book series and send invites" }).click();
  await expect(editor).toContainText(`3 sessions with ${full(client)} booked`);
  await expect(editor).toContainText("1 not booked");
});

test("one session may be left out though nothing is in its way", async ({ open, page, server }) => {
  const client = await server.client(guardian);
  const editor = await begin(open, page, client, await server.freeStart());
  const repeats = editor.getByLabel("Repeats");
  await repeats.selectOption("WEEKLY 2");
  await editor.getByLabel("Ends").selectOption("after");
  await editor.getByLabel("Sessions", { exact: true }).fill("3");
  const preview = editor.getByRole("region", { name: "The sessions of the series" });
  await preview.getByRole("listitem").nth(1).getByRole("combobox").selectOption("skip");
  await expect(preview).toContainText("2 sessions will be booked, 1 skipped");
  await editor.getByRole("button", { name: "Book series and send invites" }).click();
  await expect(editor).toContainText(`2 sessions with ${full(client)} booked`);
});

test("a move is of this session, or of all that follow; what was moved by hand stays", async ({ open, page, server }) => {
  const client = await server.client(guardian);
  const start = await server.freeStart();
  const series = await weekly(server, client, start, 4);
  let editor = await reopen(open, page, client, series, 2);
  await editor.getByRole("button", { name: "Move…" }).click();
  let move = sheet(page, /^Move the session/);
  await set(move, "Start", "5 pm");
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(move).toHaveCount(0);
  expect((await shown(server, series, 2)).local_start).toBe(`${day(later(start, 2))}T17:00`);

  editor = await reopen(open, page, client, series, 1);
  await editor.getByRole("button", { name: "Move…" }).click();
  move = sheet(page, /^Move the session/);
  await set(move, "Start", "3 pm");
  await move.getByRole("radio", { name: "This and all that follow" }).check();
  await expect(move.getByRole("checkbox", { name: /^Keep what was moved/ })).toBeChecked();
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(move).toHaveCount(0);
  const starts = await Promise.all([0, 1, 2, 3].map(async (index) => (await shown(server, series, index)).local_start.slice(11)));
  expect(starts).toEqual(["10:00", "15:00", "17:00", "15:00"]);
});

test("times that are taken stop the move of those that follow, until it is said what to do", async ({ open, page, server }) => {
  const client = await server.client(guardian);
  const start = await server.freeStart();
  const series = await weekly(server, client, start, 3);
  const there = await server.client();
  await server.session(there, { local_start: `${day(later(start, 1))}T15:00` });
  const editor = await reopen(open, page, client, series);
  await editor.getByRole("button", { name: "Move…" }).click();
  const move = sheet(page, /^Move the session/);
  await set(move, "Start", "3 pm");
  await move.getByRole("radio", { name: "This and all that follow" }).check();
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(move.getByRole("alert")).toContainText("One of the times is taken; nothing was changed.");
  await expect(move.getByRole("alert")).toContainText(full(there));
  await move.getByRole("radio", { name: "Book it all the same" }).check();
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(move).toHaveCount(0);
  expect((await shown(server, series, 1)).local_start.slice(11)).toBe("15:00");
});

test("details and recipients change for this session or for all that follow", async ({ open, page, server }) => {
  const client = await server.client(guardian);
  const series = await weekly(server, client, await server.freeStart(), 3, true);
  const editor = await reopen(open, page, client, series, 1);
  await editor.getByLabel("Additional instructions").fill("Side door");
  await editor.getByRole("button", { name: "Add someone for this session only" }).click();
  await editor.getByLabel("Email", { exact: true }).fill("aunt@family.test");
  await editor.getByRole("button", { name: "Add recipient" }).click();
  await editor.getByRole("radio", { name: "This and all that follow" }).check();
  await expect(editor.getByRole("checkbox", { name: "Send updated invites" })).not.toBeChecked();
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(editor).toHaveCount(0);
  await expect(page.locator(".toast").filter({ hasText: "Details saved, invites sent." })).toBeVisible();
  const all = await Promise.all([0, 1, 2].map((index) => shown(server, series, index)));
  expect(all.map((one) => one.instructions ?? null)).toEqual([null, "Side door", "Side door"]);
  expect(all.map((one) => one.recipients.length)).toEqual([1, 2, 2]);
});

test("the end of a series can be changed", async ({ open, page, server }) => {
  const client = await server.client(guardian);
  const series = await weekly(server, client, await server.freeStart(), 4);
  const editor = await reopen(open, page, client, series, 1);
  await expect(editor.getByLabel("Repeats")).toHaveValue("same");
  await expect(editor.getByLabel("Sessions from this one on")).toHaveValue("3");
  await editor.getByLabel("Sessions from this one on").fill("2");
  await expect(editor).toContainText("How it repeats changes for this session and all that follow.");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(editor).toHaveCount(0);
  const statuses = await Promise.all([0, 1, 2, 3].map(async (index) => (await shown(server, series, index)).status));
  expect(statuses.slice(0, 3)).toEqual(["scheduled", "scheduled", "scheduled"]);
  expect(statuses[3]).not.toBe("scheduled");
});

for (const [kind, button, confirm, status] of [
  ["cancelled", "Cancel session…", "Cancel these sessions", "cancelled"],
  ["deleted", "More", "Delete these sessions", "deleted"],
] as const) {
  test(`this and all that follow are ${kind}`, async ({ open, page, server }) => {
    const client = await server.client(guardian);
    const series = await weekly(server, client, await server.freeStart(), 3);
    const editor = await reopen(open, page, client, series, 1);
    await editor.getByRole("button", { name: button }).click();
    if (kind === "deleted") await page.getByRole("menuitem", { name: /^Delete/ }).click();
    const dialog = sheet(page, /^(Cancel|Delete) the session/);
    await dialog.getByRole("radio", { name: "This and all that follow" }).check();
    await dialog.getByRole("button", { name: confirm }).click();
    await expect(dialog).toHaveCount(0);
    const statuses = await Promise.all([0, 1, 2].map(async (index) => (await shown(server, series, index)).status));
    expect(statuses).toEqual(["scheduled", status, status]);
  });
}
