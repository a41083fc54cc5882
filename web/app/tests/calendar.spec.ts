import { type Locator, type Page } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ADA, BEN, expect, expectAccessible, expectFits, FAY, good, type Server, signedIn, test } from "./fixtures.js";
import { ICONS } from "../src/ui/icons.js";

const HOUR = 56;

/** A session at a wall time in Vancouver, and its button in the calendar. */
async function booked(server: Server, page: Page, local_start: string, wish: Parameters<Server["session"]>[1] = {}) {
  const client = await server.client();
  const name = `${client.first_name} ${client.last_name}`;
  const session = await server.session(client, { local_start, ...wish });
  return { session, name, entry: page.getByRole("button", { name: new RegExp(`^${name},`) }) };
}

async function idOf(server: Server, name: string): Promise<string> {
  return good(await server.as(ADA).GET("/v1/practitioners")).items.find((one) => one.name === name)?.id ?? "";
}

/** Where on the page a time of a day is. Days are counted from the first that is shown. */
async function place(page: Page, day: number, hour: number): Promise<{ x: number; y: number }> {
  const cell = page.locator(".ec-body > .ec-grid > .ec-day").nth(day);
  await page.locator(".ec-main").evaluate((main, top) => {
    if (main.scrollTop > top || main.scrollTop + main.clientHeight < top + 300) main.scrollTop = top;
  }, Math.max(0, (hour - 2) * HOUR));
  const box = await cell.boundingBox();
  if (!box) throw new Error("no such day");
  return { x: box.x + box.width / 2, y: box.y + hour * HOUR + 2 };
}

async function dragTo(page: Page, entry: Locator, to: { x: number; y: number }): Promise<void> {
  const box = await entry.boundingBox();
  if (!box) throw new Error("nothing to drag");
  await page.mouse.move(box.x + box.width / 2, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 12, box.y + 12, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
}

async function top(entry: Locator): Promise<string> {
  return entry.evaluate((button) => (button.closest(".ec-event") as HTMLElement).style.insetBlockStart);
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");

test("an entry says who, what, with whom, when and how it stands", async ({ open, page, server }) => {
  const { name } = await booked(server, page, "2027-01-11T09:00");
  await open("/calendar?view=week&date=2027-01-11");
  await expect(page.getByRole("button", { name: `${name}, 9:00 AM, Client session, until 10:00 AM, Ada Adair, Monday, January 11, 2027, scheduled` })).toBeVisible();
});

test("an entry has the colour and the picture that the settings give its type", async ({ open, page, server }) => {
  const type = good(await server.as(ADA).GET("/v1/event-types")).items.find((one) => one.name === "Work for a client");
  const { entry } = await booked(server, page, "2027-01-12T09:00", { event_type_id: type?.id ?? "" });
  await open("/calendar?view=week&date=2027-01-11");
  await expect(entry.locator("path")).toHaveAttribute("d", ICONS.document);
  await expect(entry).toHaveCSS("color", "rgb(28, 79, 160)");

  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Event types" }).click();
  await page.getByRole("button", { name: "Change Work for a client" }).click();
  const change = page.getByRole("form", { name: "Change Work for a client" });
  await change.getByLabel("Colour").selectOption("Yellow");
  await change.getByLabel("Picture").selectOption("Star");
  await change.getByRole("button", { name: "Save" }).click();
  await expect(change).toHaveCount(0);

  await page.goBack();
  await page.goBack();
  await expect(entry.locator("path")).toHaveAttribute("d", ICONS.star);
  await expect(entry).toHaveCSS("color", "rgb(122, 79, 0)");
  await expect(entry).toHaveAccessibleName(/Work for a client/);
  await expectAccessible(page);
  await page.getByRole("button", { name: "List", exact: true }).click();
  await expect(page.locator(".line path").first()).toHaveAttribute("d", ICONS.star);
  await expectAccessible(page);
});

test("a click on free time opens the editor for that time and practitioner", async ({ open, page, server }) => {
  await open("/calendar?view=week&date=2027-01-18");
  await expect(page.getByText(/^Nothing is booked this week/)).toBeVisible();
  const { x, y } = await place(page, 2, 13.25);
  await page.mouse.click(x, y);
  const editor = page.getByRole("dialog");
  await expect(editor.getByLabel("Date")).toHaveValue("2027-01-19");
  await expect(editor.getByRole("combobox", { name: "Start" })).toHaveValue("1:15 PM");
  await expect(editor.getByLabel("Professional")).toHaveValue(await idOf(server, "Ada Adair"));
});

test("free time that is drawn gives the length too", async ({ open, page }) => {
  await open("/calendar?view=week&date=2027-01-18");
  await expect(page.getByText(/^Nothing is booked this week/)).toBeVisible();
  const from = await place(page, 3, 9);
  const until = await place(page, 3, 10.25);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(until.x, until.y, { steps: 6 });
  await page.mouse.up();
  const editor = page.getByRole("dialog");
  await expect(editor.getByRole("combobox", { name: "Start" })).toHaveValue("9:00 AM");
  await expect(editor.getByRole("combobox", { name: "End" })).toHaveValue("10:30 AM");
});

test("a click on an entry opens it", async ({ open, page, server }) => {
  const { name, entry } = await booked(server, page, "2027-01-25T09:00");
  await open("/calendar?view=week&date=2027-01-25");
  await entry.click();
  await expect(page.getByRole("dialog")).toContainText(name);
});

test("a session dragged to another time asks before it moves", async ({ open, page, server }) => {
  const { session, name, entry } = await booked(server, page, "2027-02-01T09:00");
  await open("/calendar?view=week&date=2027-02-01");
  await expect(entry).toBeVisible();
  await dragTo(page, entry, await place(page, 2, 12));
  const question = page.getByRole("dialog", { name: `Move the session with ${name}` });
  await expect(question).toContainText("Feb 2, 2027");
  await expect(question).toContainText("12:00");
  expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: session.id } } })).local_start).toBe("2027-02-01T09:00");

  await question.getByRole("button", { name: "Keep it where it is" }).click();
  await expect(entry).toHaveAccessibleName(/9:00 AM.*Monday, February 1/);
  await expect.poll(() => top(entry)).toBe(`${9 * HOUR}px`);

  await dragTo(page, entry, await place(page, 2, 12));
  await question.getByRole("button", { name: "Move", exact: true }).click();
  await expect(entry).toHaveAccessibleName(/12:00 PM.*Tuesday, February 2/);
  expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: session.id } } })).local_start).toBe("2027-02-02T12:00");
});

test("a session drawn longer asks before it is", async ({ open, page, server }) => {
  const { name, entry } = await booked(server, page, "2027-02-08T09:00");
  await open("/calendar?view=week&date=2027-02-08");
  const box = await entry.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + HOUR - 3);
  await page.mouse.down();
  await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + HOUR + 10, { steps: 4 });
  await page.mouse.move((box?.x ?? 0) + 40, (box?.y ?? 0) + HOUR * 1.5 - 5, { steps: 4 });
  await page.mouse.up();
  const question = page.getByRole("dialog", { name: `Move the session with ${name}` });
  await expect(question).toContainText(/9:00.* – 10:30 AM/);
  await question.getByRole("button", { name: "Move", exact: true }).click();
  await expect(entry).toHaveAccessibleName(/until 10:30 AM/);
});

for (const [what, monday] of [["drag", "2027-06-07"], ["resize", "2027-06-14"]] as const) {
  test(`Escape gives up a ${what}, and nothing moves`, async ({ open, page, server }) => {
    const { session, entry } = await booked(server, page, `${monday}T09:00`);
    await open(`/calendar?view=week&date=${monday}`);
    await expect(entry).toBeVisible();
    const to = await place(page, what === "drag" ? 2 : 1, 12);
    const from = await entry.boundingBox();
    if (!from) throw new Error("nothing to drag");
    const middle = from.x + from.width / 2;
    await page.mouse.move(middle, what === "drag" ? from.y + 2 : from.y + from.height - 2);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 8 });
    await expect(page.locator(".ec-preview")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.locator(".ec-preview")).toHaveCount(0);
    await expect(page.locator(".ec-ghost")).toHaveCount(0);
    expect(await entry.boundingBox()).toEqual(from);

    // Let go over the entry, it would open.
    await page.mouse.move(middle, from.y + from.height / 2);
    await page.mouse.up();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: session.id } } })).revision).toBe(session.revision);
    await entry.click();
    await expect(page.getByRole("dialog", { name: /^Session with/ })).toBeVisible();
  });
}

test("what is over or under way can't be dragged", async ({ open, page, server }) => {
  const client = await server.client();
  const session = await server.sessionIn(2, client, { length_minutes: 30 });
  await open(`/calendar?view=day&date=${session.local_start.slice(0, 10)}&zone=UTC`);
  const entry = page.getByRole("button", { name: new RegExp(`^${client.first_name} ${client.last_name},.*due`) });
  await expect(entry).toBeVisible();
  await entry.scrollIntoViewIfNeeded();
  const box = await entry.boundingBox();
  await dragTo(page, entry, { x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 3 * HOUR });
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await entry.press("m");
  await expect(page.getByRole("status").filter({ hasText: "can't be moved" })).toBeAttached();
});

test("the keyboard alone walks over entries, opens and moves them", async ({ open, page, server }) => {
  const early = await booked(server, page, "2027-02-15T09:00");
  const late = await booked(server, page, "2027-02-15T14:00");
  const next = await booked(server, page, "2027-02-16T13:00");
  await open("/calendar?view=week&date=2027-02-15");
  await expect(early.entry).toBeVisible();
  await early.entry.focus();
  await page.keyboard.press("ArrowDown");
  await expect(late.entry).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(next.entry).toBeFocused();
  await page.keyboard.press("Home");
  await expect(early.entry).toBeFocused();
  expect(await page.locator('[data-entry][tabindex="0"]').count()).toBe(1);

  await page.keyboard.press("m");
  const question = page.getByRole("dialog", { name: `Move the session with ${early.name}` });
  await question.getByLabel("Date").fill("2027-02-17");
  await question.getByRole("button", { name: "Move", exact: true }).press("Enter");
  await expect(early.entry).toHaveAccessibleName(/9:00 AM.*Wednesday, February 17/);

  await next.entry.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toContainText(next.name);
});

test("the keyboard alone finds free time and creates there", async ({ open, page, server }) => {
  const { entry } = await booked(server, page, "2027-02-22T09:00");
  await open("/calendar?view=week&date=2027-02-22");
  await expect(entry).toBeVisible();
  await entry.focus();
  await page.keyboard.press("Escape");
  expect(await focused(page)).toContain("Monday, February 22, 2027, 9:00 AM to 9:15 AM, 1 entry there");
  await page.keyboard.press("ArrowRight");
  for (let step = 0; step < 6; step += 1) await page.keyboard.press("ArrowDown");
  for (let step = 0; step < 2; step += 1) await page.keyboard.press("Shift+ArrowDown");
  await expect.poll(() => focused(page)).toContain("Tuesday, February 23, 2027, 10:30 AM to 11:15 AM, free");
  await expect(page.getByRole("status").filter({ hasText: "Tuesday, February 23, 2027, 10:30 AM to 11:15 AM, free" })).toBeAttached();
  await page.keyboard.press("Enter");
  const editor = page.getByRole("dialog");
  await expect(editor.getByLabel("Date")).toHaveValue("2027-02-23");
  await expect(editor.getByRole("combobox", { name: "Start" })).toHaveValue("10:30 AM");
  await expect(editor.getByRole("combobox", { name: "End" })).toHaveValue("11:15 AM");
});

test("t, j and k turn the pages, n creates, and a live region says where one is", async ({ open, page }) => {
  await open("/calendar?view=week&date=2027-03-01");
  await expect(page.getByText(/^Nothing is booked this week/)).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("March 7 – 13, 2027");
  await expect(page.getByRole("status").filter({ hasText: "March 7 – 13, 2027: Nothing is booked" })).toBeAttached();
  await page.keyboard.press("PageUp");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("February 28 – March 6, 2027");
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog").getByLabel("Date")).toHaveValue("2027-03-01");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("t");
  await expect(page.locator(".ec-today").first()).toBeVisible();
});

test("wall times are right in weeks in which the clocks of New York or Berlin change", async ({ open, page, server }) => {
  // Half past two does not exist in New York on the 14th, and not in Berlin on the 28th. In Vancouver it does.
  for (const date of ["2027-03-14", "2027-03-28"]) {
    const { name, entry } = await booked(server, page, `${date}T02:30`);
    const day = await booked(server, page, `${date}T15:00`);
    await open(`/calendar?view=week&date=${date}`);
    await expect(entry).toHaveAccessibleName(new RegExp(`^${name}, 2:30 AM,.*until 3:30 AM`));
    expect(await top(entry)).toBe(`${2.5 * HOUR}px`);
    expect(await top(day.entry)).toBe(`${15 * HOUR}px`);
    await entry.scrollIntoViewIfNeeded();
    await dragTo(page, entry, await place(page, 1, 2.5));
    const question = page.getByRole("dialog");
    await expect(question.getByRole("combobox", { name: "Start" })).toHaveValue("2:30 AM");
    await expect(question.getByLabel("Date")).toHaveValue(date === "2027-03-14" ? "2027-03-15" : "2027-03-29");
    await question.getByRole("button", { name: "Keep it where it is" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    const free = await place(page, 0, 2.25);
    await page.mouse.click(free.x, free.y);
    await expect(page.getByRole("dialog").getByRole("combobox", { name: "Start" })).toHaveValue("2:15 AM");
    await page.keyboard.press("Escape");
    await expect(page.locator(".ec-slot time").filter({ hasText: /^2:00 AM$/ })).toHaveCount(1);
  }
});

test("another zone shows the same sessions by its clocks, in the address too, and new ones begin in it", async ({ open, page, server }) => {
  const { name, entry } = await booked(server, page, "2027-03-28T17:30");
  await open("/calendar?view=week&date=2027-03-28");
  await expect(entry).toHaveAccessibleName(/5:30 PM.*March 28/);
  await page.getByLabel("Time zone of the times shown").selectOption("Europe/Paris");
  await expect(entry).toHaveAccessibleName(new RegExp(`^${name}, 2:30 AM,.*Monday, March 29`));
  expect(await top(entry)).toBe(`${2.5 * HOUR}px`);
  await expect(page).toHaveURL(/zone=Europe\/Paris/);
  const free = await place(page, 2, 10);
  await page.mouse.click(free.x, free.y);
  const editor = page.getByRole("dialog");
  await expect(editor.getByRole("combobox", { name: "Start" })).toHaveValue("10:00 AM");
  await expect(editor.getByText("Paris").first()).toBeAttached();
});

test("on the night that Paris sets its clocks forward, a session spans the hour that is missing", async ({ open, page, server }) => {
  const { entry } = await booked(server, page, "2027-03-27T17:30");
  await open("/calendar?view=day&date=2027-03-28&zone=Europe/Paris");
  await expect(entry).toHaveAccessibleName(/, 1:30 AM,.*until 3:30 AM/);
  expect(await top(entry)).toBe(`${1.5 * HOUR}px`);
});

test("view, date, zone and people stand in the address: reload and back lead there", async ({ open, page, server }) => {
  const { entry } = await booked(server, page, "2027-04-05T09:00");
  await open("/calendar?view=week&date=2027-04-05");
  await expect(entry).toBeVisible();
  await page.getByRole("button", { name: "Day", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Monday, April 5, 2027");
  await page.getByRole("button", { name: "Next day" }).click();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Tuesday, April 6, 2027");
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole("button", { name: "Week", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(entry).toBeVisible();
});

test("the view and the people are remembered", async ({ open, page }) => {
  await open("/calendar");
  await page.getByRole("button", { name: "Day", exact: true }).click();
  await page.locator("summary").click();
  await page.getByRole("checkbox", { name: "Ben Bellamy" }).check();
  await expect(page.locator(".ec-col-head")).toHaveCount(2);
  await page.goto("/app/calendar");
  await expect(page.getByRole("button", { name: "Day", exact: true })).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".ec-col-head")).toHaveCount(2);
});

test("practitioners stand side by side; of a colleague's sessions one learns only that the time is taken", async ({ open, page, server }) => {
  const { name } = await booked(server, page, "2027-04-12T09:00");
  const ids = [await idOf(server, "Ada Adair"), await idOf(server, "Ben Bellamy")];
  await open(`/calendar?view=day&date=2027-04-12&zone=America/Vancouver&people=${ids.join(",")}`, BEN);
  const taken = page.getByRole("button", { name: /^Busy, 9:00 AM, Taken, until 10:00 AM, Ada Adair/ });
  await expect(taken).toBeVisible();
  await expect(page.getByText(name)).toHaveCount(0);
  await taken.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a click in a colleague's column opens the editor for them", async ({ open, page, server }) => {
  const ids = [await idOf(server, "Ada Adair"), await idOf(server, "Ben Bellamy")];
  await open(`/calendar?view=day&date=2027-04-13&zone=America/Vancouver&people=${ids.join(",")}`, FAY);
  await expect(page.getByText(/^Nothing is booked this day/)).toBeVisible();
  const free = await place(page, 1, 11);
  await page.mouse.click(free.x, free.y);
  await expect(page.getByRole("dialog").getByLabel("Professional")).toHaveValue(ids[1] ?? "");
});

test("rooms stand side by side with what is in them, and free time there opens the editor for the room", async ({ open, page, server }) => {
  const rooms = good(await server.as(ADA).GET("/v1/rooms")).items;
  const blue = rooms.find((one) => one.name === "Blue room")?.id ?? "";
  const { entry } = await booked(server, page, "2027-04-14T09:00", { room_id: blue });
  await open("/calendar?view=day&date=2027-04-14&zone=America/Vancouver");
  await page.locator("summary").click();
  await page.getByRole("button", { name: "Rooms" }).click();
  await expect(page.locator(".ec-col-head").filter({ hasText: "Blue room" })).toBeVisible();
  await expect(page).toHaveURL(/rooms=/);
  await expect(entry).toHaveAccessibleName(/Ada Adair, Blue room/);
  await page.keyboard.press("Escape");
  const free = await place(page, 0, 11);
  await page.mouse.click(free.x, free.y);
  await expect(page.getByRole("dialog").getByLabel("Room")).toHaveValue(blue);
});

test("a change elsewhere appears by itself, and focus stays where it was", async ({ open, page, server }) => {
  const one = await booked(server, page, "2027-04-19T09:00");
  const other = await booked(server, page, "2027-04-20T09:00");
  await open("/calendar?view=week&date=2027-04-19");
  await one.entry.focus();
  good(await server.as(ADA).POST("/v1/sessions/{id}/reschedule", { params: { path: { id: other.session.id } }, body: { local_start: "2027-04-21T11:00" } }));
  await expect(other.entry).toHaveAccessibleName(/11:00 AM.*Wednesday, April 21/, { timeout: 25_000 });
  await expect(one.entry).toBeFocused();
});

test("two people at once: a move appears with the other within seconds, and what they had open is not written over it", async ({ browser, open, page, server }) => {
  const { session, name, entry } = await booked(server, page, "2027-03-01T09:00");
  const week = "/calendar?view=week&date=2027-03-01";
  await open(week);
  const fay = await browser.newPage({ baseURL: server.api });
  await signedIn(fay, server, FAY);
  await fay.goto(`/app${week}&with=${await idOf(server, "Ada Adair")}`);
  const hers = fay.getByRole("button", { name: new RegExp(`^${name},`) });
  await hers.click();
  const editor = fay.getByRole("dialog", { name: `Session with ${name}` });
  await editor.getByLabel("Additional instructions").fill("Bring the diary");

  await dragTo(page, entry, await place(page, 2, 13));
  await page.getByRole("dialog").getByRole("button", { name: "Move", exact: true }).click();
  await expect(fay.locator(".entry").filter({ hasText: name })).toHaveAttribute("aria-label", /1:00 PM.*Tuesday, March 2/, { timeout: 5_000 });

  await editor.getByRole("button", { name: "Save" }).click();
  const meanwhile = editor.getByRole("alert", { name: "Changed meanwhile" });
  await expect(meanwhile).toContainText("moved the session from Monday, 1 March 2027, 9:00");
  await meanwhile.getByRole("button", { name: "Apply my changes again" }).click();
  await expect(editor).toHaveCount(0);
  const { instructions, local_start } = good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: session.id } } }));
  expect({ instructions, local_start }).toEqual({ instructions: "Bring the diary", local_start: "2027-03-02T13:00" });
  await fay.close();
});

test("without a connection, what was shown stays and can be tried again", async ({ open, page, server }) => {
  const { entry } = await booked(server, page, "2027-04-26T09:00");
  await page.clock.install();
  await open("/calendar?view=week&date=2027-04-26");
  await expect(entry).toBeVisible();
  // The page's timers stand: it would try again by itself.
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.route("**/v1/calendar?*", (route) => route.abort());
  await page.getByRole("button", { name: "Next week" }).click();
  await expect(page.getByRole("alert")).toContainText("No connection");
  const lost = page.waitForEvent("requestfailed");
  await page.getByRole("button", { name: "Previous week" }).click();
  await lost;
  await expect(entry).toBeVisible();
  await page.unroute("**/v1/calendar?*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(entry).toBeVisible();
});

test("a month of many entries shows some of each day and leads to the rest", async ({ open, page }) => {
  await page.route("**/v1/calendar?*", (route) => {
    const query = new URL(route.request().url()).searchParams;
    const items = Array.from({ length: 9 }, (_, index) => {
      const at = (hour: number) => `${query.get("from")?.startsWith("2027-05-0") || query.get("from")?.startsWith("2027-04") ? "2027-05-04" : query.get("from")}T${String(hour).padStart(2, "0")}:00`;
      return { session_id: `ses_${index}`, client_ids: [], status: "scheduled", direct: true, starts_at: `${at(8 + index)}:00Z`, ends_at: `${at(9 + index)}:00Z`, local_start: at(8 + index), local_end: at(9 + index) };
    });
    return route.fulfill({ json: { practitioner_id: query.get("practitioner_id"), time_zone: query.get("time_zone"), items } });
  });
  await open("/calendar?view=month&date=2027-05-04");
  await expect(page.locator(".entry")).toHaveCount(3);
  await page.getByRole("button", { name: "+6 more on Tuesday, May 4, 2027" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Tuesday, May 4, 2027");
  await expect(page.locator(".entry")).toHaveCount(9);
});

test("on paper stands the list of the day: time, client, type, room, state", async ({ open, page, server }) => {
  const { name, entry } = await booked(server, page, "2027-05-10T09:00");
  await open("/calendar?view=day&date=2027-05-10");
  await expect(entry).toBeVisible();
  await page.emulateMedia({ media: "print" });
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toBeVisible();
  await expect(row).toContainText("9:00 AM – 10:00 AM");
  await expect(row).toContainText("Scheduled");
  await expect(page.getByRole("navigation").first()).toBeHidden();
});

test("on paper the columns of the days stand below each other", async ({ open, page, server }) => {
  await booked(server, page, "2027-05-18T09:00");
  const { entry } = await booked(server, page, "2027-05-19T09:00", { room_id: good(await server.as(ADA).GET("/v1/rooms")).items[0]?.id ?? "" });
  await open("/calendar?view=week&date=2027-05-19");
  await expect(entry).toBeVisible();
  await page.emulateMedia({ media: "print" });
  const rooms = page.locator(".calendar-print").getByRole("columnheader", { name: "Room" });
  await expect(rooms).toHaveCount(2);
  const lefts = await rooms.evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().left)));
  expect(lefts[0]).toBe(lefts[1]);
});

test("while the next page is on its way, the calendar stays where it was", async ({ open, page }) => {
  await open("/calendar?view=week&date=2027-05-26");
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toContainText("2027");
  let come = () => {};
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route("**/assets/Dashboard-*.js", async (route) => {
    await held;
    await route.continue();
  });
  const clients = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Clients" });
  await clients.click();
  await expect(clients).toHaveAttribute("aria-current", "page");
  await expect(heading).toContainText("2027");
  come();
  await expect(heading).toHaveText("Clients");
});

test("axe finds nothing in any view, light and dark", async ({ open, page, server }) => {
  test.slow();
  await booked(server, page, "2027-05-17T09:00");
  await booked(server, page, "2027-05-18T09:30", { length_minutes: 30 });
  const ids = [await idOf(server, "Ada Adair"), await idOf(server, "Ben Bellamy")];
  for (const view of ["day", "week", "month", "list"]) {
    await open(`/calendar?view=${view}&date=2027-05-17&zone=America/Vancouver&people=${ids.join(",")}`);
    await expect(page.getByText("Client session").first()).toBeAttached();
    await expectAccessible(page);
  }
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("there is the list, and a month of dots with the day below", async ({ open, page, server }) => {
    const { name } = await booked(server, page, "2027-05-24T09:00");
    await open("/calendar?date=2027-05-24");
    await expect(page.getByRole("button", { name: "List" })).toHaveAttribute("aria-pressed", "true");
    await expect(page.getByRole("button", { name })).toContainText("9:00 AM – 10:00 AM");
    await expectFits(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Month" }).tap();
    await page.getByRole("button", { name: "Tuesday, May 25, 2027, nothing booked" }).tap();
    await expect(page.getByText("Nothing booked", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Monday, May 24, 2027, 1 entry" }).tap();
    await expect(page.getByRole("button", { name })).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
  });
});

test("the lint finds a time that would reach the calendar with a Z, an offset or as a Date", () => {
  const app = fileURLToPath(new URL("..", import.meta.url));
  const lint = (folder: string) => spawnSync(process.execPath, [join(app, "scripts/lint-wall.mjs"), folder], { encoding: "utf8" });
  expect(lint(join(app, "src/calendar"))).toMatchObject({ status: 0, stderr: "" });

  const bad = {
    "iso.ts": "export const start = (date: Date) => date.toISOString();",
    "read.ts": "export const start = (text: string) => new Date(text);",
    "cast.ts": 'import type { Wall } from "../time/wall.js";\nexport const start = "2026-12-01T09:00Z" as Wall;',
    "offset.ts": 'export const start = "2026-12-01T09:00-08:00";',
    "instant.ts": "export const start = (entry: { starts_at: string }) => entry.starts_at;",
    "Second.svelte": '<script lang="ts">import { Calendar } from "@event-calendar/core";</script>',
  };
  const folder = mkdtempSync(join(tmpdir(), "lint-wall-"));
  try {
    cpSync(join(app, "src/calendar"), folder, { recursive: true });
    for (const [name, text] of Object.entries(bad)) writeFileSync(join(folder, name), text);
    const { status, stderr } = lint(folder);
    expect(status).toBe(1);
    for (const name of Object.keys(bad)) expect(stderr).toContain(`${name}:`);

    for (const name of Object.keys(bad)) rmSync(join(folder, name));
    const grid = spawnSync("sed", ["-i", "s/start: naive(entry.start)/start: entry.start/", join(folder, "Grid.svelte")]);
    expect(grid.status).toBe(0);
    const past = lint(folder);
    expect(past.status).toBe(1);
    expect(past.stderr).toContain("goes past naive()");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
