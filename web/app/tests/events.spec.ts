import type { Schemas } from "@hourkeep/client";
import type { Locator, Page } from "@playwright/test";
import { ADA, BEN, expect, expectAccessible, expectFits, FAY, good, signedIn, test, type Server } from "./fixtures.js";

const HOUR = 56;
const full = (client: Schemas["Client"]) => [client.first_name, client.last_name].filter(Boolean).join(" ");
const sheet = (page: Page, name: RegExp | string) => page.getByRole("dialog", { name });
const week = (date: string) => `/calendar?view=week&date=${date}&zone=America/Vancouver`;

async function typeOf(server: Server, name: string): Promise<string> {
  return good(await server.as(ADA).GET("/v1/event-types")).items.find((one) => one.name === name)?.id ?? "";
}

/** An event in Ada's calendar. */
async function event(server: Server, type: string, local_start: string, wish: Partial<Schemas["ScheduleBody"]> = {}): Promise<Schemas["Session"]> {
  const body = { clients: [], event_type_id: await typeOf(server, type), local_start, ...wish };
  return good(await server.as(ADA).POST("/v1/sessions", { body }));
}

async function now(server: Server, { id }: { id: string }): Promise<Schemas["Session"]> {
  return good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id } } }));
}

/** What stands in Ada's calendar on a day. */
async function on(server: Server, date: string): Promise<Schemas["CalendarEntry"][]> {
  const to = new Date(Date.parse(`${date}T00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return good(await server.as(ADA).GET("/v1/calendar", { params: { query: { from: date, to } } })).items;
}

async function set(dialog: Locator, label: string, text: string) {
  const field = dialog.getByRole("combobox", { name: label, exact: true });
  await field.fill(text);
  await field.press("Escape");
  await field.blur();
}

/** The sheet for a new event of that type. */
async function begin(page: Page, type: string): Promise<Locator> {
  await page.keyboard.press("n");
  await sheet(page, "New session").getByLabel("Type").selectOption({ label: type });
  return sheet(page, "New event");
}

/** Presses a key until what has the focus is called so. */
async function walkTo(page: Page, key: string, name: string) {
  for (let step = 0; step < 40; step += 1) {
    const called = await page.evaluate(() => {
      const focused = document.activeElement;
      const label = focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement ? focused.labels?.[0]?.textContent : focused?.textContent;
      return (label ?? "").replace("(optional)", "").trim();
    });
    if (called === name) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never came to ${name}`);
}

test("a busy event is booked by keyboard alone, and the front desk is told by its title that it takes the time", async ({ open, page, server, context }) => {
  await open(week("2028-01-10"));
  await expect(page.getByText(/^Nothing is booked this week/)).toBeVisible();
  await page.keyboard.press("n");
  await expect(sheet(page, "New session").getByRole("combobox", { name: "Client" })).toBeFocused();
  await walkTo(page, "Shift+Tab", "Type");
  await page.keyboard.type("Team");
  await expect(sheet(page, "New event")).toContainText("Keeps the time free of bookings.");
  await walkTo(page, "Tab", "Title");
  await page.keyboard.type("Case conference");
  await walkTo(page, "Tab", "Date");
  await page.keyboard.type("01112028");
  await walkTo(page, "Tab", "Start");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("1000");
  await walkTo(page, "Tab", "Book event");
  await page.keyboard.press("Enter");
  await expect(sheet(page, "New event")).toHaveCount(0);
  const entry = page.getByRole("button", { name: "Case conference, 10:00 AM, Team meeting, until 11:00 AM, Ada Adair, Tuesday, January 11, 2028, scheduled" });
  await expect(entry).toBeVisible();
  await expect(entry.locator(".bars")).toHaveCount(0);

  const client = await server.client();
  const desk = await context.newPage();
  await signedIn(desk, server, FAY);
  await desk.goto(`/app/clients/${client.id}`);
  await desk.getByRole("button", { name: "Schedule session" }).first().click();
  const editor = sheet(desk, "New session");
  await expect(editor.getByRole("combobox", { name: "Client" })).toHaveValue(full(client));
  await editor.getByLabel("Date").fill("2028-01-11");
  await set(editor, "Start", "10:30");
  await editor.getByRole("checkbox", { name: "Email invites" }).uncheck();
  await editor.getByRole("button", { name: "Book session" }).click();
  await expect(editor.getByRole("alert", { name: "The time is taken" })).toContainText("Ada Adair is taken 10:00 AM – 11:00 AM: Case conference.");
});

test("a free event says so, and nothing is in its way nor it in anything's", async ({ open, page, server }) => {
  const client = await server.client();
  await server.session(client, { local_start: "2028-01-18T09:00", length_minutes: 30 });
  await open(week("2028-01-17"));
  await expect(page.getByRole("button", { name: new RegExp(`^${full(client)},`) })).toBeVisible();
  const editor = await begin(page, "Note");
  await expect(editor).toContainText("Leaves the time bookable.");
  await expect(editor).toContainText("Without one, it is called “Note”.");
  await editor.getByLabel("Date").fill("2028-01-18");
  await set(editor, "Start", "9:00");
  await editor.getByRole("button", { name: "Book event" }).click();
  await expect(editor).toHaveCount(0);
  const entry = page.getByRole("button", { name: "Note, 9:00 AM, free, until 10:00 AM, Ada Adair, Tuesday, January 18, 2028, scheduled" });
  await expect(entry).toBeVisible();
  await expect(entry).toHaveCSS("border-top-style", "dashed");
  await page.getByRole("button", { name: new RegExp(`^${full(client)},`) }).click({ trial: true });
  await page.getByRole("button", { name: "List", exact: true }).click();
  await expect(page.locator(".line").filter({ hasText: "Note" })).toContainText("free");
  await server.session(client, { local_start: "2028-01-18T09:30", length_minutes: 30, allow_overlap: false });
});

test("what was typed stays while one chooses between a session and an event, and only the fitting fields are there", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Schedule session" }).first().click();
  const editor = page.getByRole("dialog");
  await expect(editor.getByRole("combobox", { name: "Client" })).toHaveValue(full(client));
  await expect(editor.getByLabel("Type").locator("optgroup")).toHaveCount(2);
  await editor.getByLabel("Date").fill("2028-01-25");
  await set(editor, "Start", "13:20");
  await editor.getByLabel("Link to join").fill("https://meet.test/room");
  await editor.getByLabel("Additional instructions").fill("Ring twice");

  await editor.getByLabel("Type").selectOption({ label: "Busy" });
  await expect(editor.getByLabel("Title")).toBeVisible();
  for (const label of ["Client", "Kind", "Services", "Reminders", "Email invites"]) await expect(editor.getByLabel(label)).toHaveCount(0);
  await expect(editor.getByLabel("Date")).toHaveValue("2028-01-25");
  await expect(editor.getByRole("combobox", { name: "Start" })).toHaveValue("1:20 PM");
  await expect(editor.getByLabel("Link to join")).toHaveValue("https://meet.test/room");
  await expect(editor.getByLabel("Notes")).toHaveValue("Ring twice");
  await editor.getByLabel("Title").fill("Dentist");

  await editor.getByLabel("Type").selectOption({ label: "Session" });
  await expect(editor.getByRole("combobox", { name: "Client" })).toHaveValue(full(client));
  await expect(editor.getByRole("checkbox", { name: "Email invites" })).toBeChecked();
  await editor.getByLabel("Type").selectOption({ label: "Busy" });
  await expect(editor.getByLabel("Title")).toHaveValue("Dentist");
  await editor.getByRole("button", { name: "Book event" }).click();
  await expect(editor).toHaveCount(0);
  expect(await on(server, "2028-01-25")).toMatchObject([{ title: "Dentist", client_ids: [], busy: true, local_start: "2028-01-25T13:20" }]);
});

test("an event that was begun is offered again", async ({ open, page }) => {
  await open(week("2028-01-31"));
  await expect(page.getByText(/^Nothing is booked this week/)).toBeVisible();
  await (await begin(page, "Team meeting")).getByLabel("Title").fill("Retreat");
  await page.reload();
  await expect(page.getByText(/^Nothing is booked this week/)).toBeVisible();
  await page.keyboard.press("n");
  await expect(sheet(page, "New session")).toContainText("You began the event “Retreat” that was not saved.");
  await page.getByRole("button", { name: "Take it up again" }).click();
  await expect(sheet(page, "New event").getByLabel("Title")).toHaveValue("Retreat");
});

test("a weekly meeting is shown before it is booked, and skips a time that is taken", async ({ open, page, server }) => {
  const there = await server.client();
  await server.session(there, { local_start: "2028-02-15T10:00" });
  await open(week("2028-02-07"));
  await expect(page.getByText(/^Nothing is booked this week/)).toBeVisible();
  const editor = await begin(page, "Team meeting");
  await editor.getByLabel("Date", { exact: true }).fill("2028-02-08");
  await set(editor, "Start", "10:00");
  await editor.getByLabel("Repeats").selectOption("WEEKLY 1");
  await editor.getByLabel("Ends").selectOption("after");
  await editor.getByLabel("Events", { exact: true }).fill("3");
  const preview = editor.getByRole("region", { name: "The events of the series" });
  await expect(preview).toContainText(`10:00 AM – 11:00 AM with ${full(there)}`);
  await preview.getByRole("radio", { name: /^Skip it/ }).check();
  await expect(preview).toContainText("2 events will be booked, 1 skipped");
  await editor.getByRole("button", { name: "Book series" }).click();
  await expect(editor).toContainText("2 events “Team meeting” booked");
  await expect(editor).toContainText("1 not booked");
  await expect(editor).not.toContainText(/invite|code/i);
  await expectAccessible(page);
  await editor.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("button", { name: /^Team meeting, 10:00 AM, until 11:00 AM, Ada Adair, Tuesday, February 8/ })).toBeVisible();
});

test("of a repeated event this and all that follow are renamed, moved and cancelled", async ({ open, page, server }) => {
  const body = { clients: [], event_type_id: await typeOf(server, "Team meeting"), local_start: "2028-03-07T10:00", recurrence: { rule: "FREQ=WEEKLY;COUNT=3", on_conflict: "stop" } };
  const series = good(await server.as(ADA).POST("/v1/series", { body }));
  const all = () => Promise.all(series.sessions.map(({ session_id: id }) => now(server, { id })));
  await open(week("2028-03-13"));
  const entry = page.getByRole("button", { name: /, 1\d:00 AM,.* March 14/ });
  await entry.click();
  let editor = sheet(page, "Event: Team meeting");
  await editor.getByLabel("Title").fill("Supervision");
  await editor.getByRole("radio", { name: "This and all that follow" }).check();
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(entry).toHaveAccessibleName(/^Supervision,/);
  expect((await all()).map((one) => one.title ?? "")).toEqual(["", "Supervision", "Supervision"]);

  await entry.press("m");
  const move = sheet(page, "Move the event “Supervision”");
  await set(move, "Start", "11:00 am");
  await expect(move.getByRole("radio", { name: "This event only" })).toBeChecked();
  await move.getByRole("radio", { name: "This and all that follow" }).check();
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(entry).toHaveAccessibleName(/^Supervision, 11:00 AM/);
  expect((await all()).map((one) => one.local_start.slice(11))).toEqual(["10:00", "11:00", "11:00"]);

  await entry.click();
  editor = sheet(page, "Event: Supervision");
  await editor.getByRole("button", { name: "Cancel event…" }).click();
  const cancel = sheet(page, "Cancel the event “Supervision”?");
  await cancel.getByRole("radio", { name: "This and all that follow" }).check();
  await cancel.getByRole("button", { name: "Cancel these events" }).click();
  await expect(entry).toHaveCount(0);
  expect((await all()).map((one) => one.status)).toEqual(["scheduled", "cancelled", "cancelled"]);
});

test("an event is dragged, and asked about by its name", async ({ open, page, server }) => {
  const meeting = await event(server, "Team meeting", "2028-04-03T09:00", { title: "Budget" });
  await open(week("2028-04-03"));
  const entry = page.getByRole("button", { name: /^Budget,/ });
  const box = await entry.boundingBox();
  if (!box) throw new Error("nothing to drag");
  const middle = box.x + box.width / 2;
  await page.mouse.move(middle, box.y + 2);
  await page.mouse.down();
  await page.mouse.move(middle, box.y + 20, { steps: 3 });
  await page.mouse.move(middle, box.y + 2 + 2 * HOUR, { steps: 8 });
  await page.mouse.up();
  const move = sheet(page, "Move the event “Budget”");
  await expect(move.getByRole("checkbox", { name: "Send updated invites" })).toHaveCount(0);
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(entry).toHaveAccessibleName(/^Budget, 11:00 AM/);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(entry).toHaveAccessibleName(/^Budget, 9:00 AM/);
  expect((await now(server, meeting)).local_start).toBe("2028-04-03T09:00");
});

test("an event is renamed and gets another type, but none for clients and none that leaves the time free", async ({ open, page, server }) => {
  const meeting = await event(server, "Team meeting", "2028-04-10T09:00", { title: "Budget", instructions: "Bring figures" });
  await open(week("2028-04-10"));
  await page.getByRole("button", { name: /^Budget,/ }).click();
  const editor = sheet(page, "Event: Budget");
  await expect(editor.getByLabel("Notes")).toHaveValue("Bring figures");
  await expect(editor.getByRole("tab")).toHaveText(["Event", "History"]);
  await expect(editor.getByLabel("Type").getByRole("option")).toHaveText(["Team meeting", "Busy"]);
  await editor.getByLabel("Type").selectOption({ label: "Busy" });
  await editor.getByLabel("Title").fill("");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: /^Busy, 9:00 AM, until 10:00 AM, Ada Adair/ })).toBeVisible();
  const after = await now(server, meeting);
  expect(after.title ?? null).toBeNull();
  expect(after.event_type_id).toBe(await typeOf(server, "Busy"));
});

test("events are cancelled and deleted from their menu, without notices and fees", async ({ open, page, server }) => {
  const [first, second] = [await event(server, "Busy", "2028-05-01T09:00", { title: "Dentist" }), await event(server, "Note", "2028-05-02T09:00", { title: "Call back" })];
  await open(week("2028-05-01"));
  await page.getByRole("button", { name: /^Dentist,/ }).click({ button: "right" });
  await expect(page.getByRole("menuitem")).toHaveText(["Open", "Move…", "Cancel…", "Delete…"]);
  await page.getByRole("menuitem", { name: "Cancel…" }).click();
  const cancel = sheet(page, "Cancel the event “Dentist”?");
  await cancel.getByLabel("Reason").fill("Moved house");
  await expect(cancel.getByRole("checkbox")).toHaveCount(0);
  await expect(cancel.getByLabel(/^Fee/)).toHaveCount(0);
  await expectAccessible(page);
  await cancel.getByRole("button", { name: "Cancel event" }).click();
  await expect(page.getByRole("button", { name: /^Dentist,/ })).toHaveCount(0);
  expect(await now(server, first)).toMatchObject({ status: "cancelled", cancellation: { reason: "Moved house", late: false } });

  await page.getByRole("button", { name: /^Call back,/ }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  const remove = sheet(page, "Delete the event “Call back”?");
  await expect(remove).not.toContainText(/fee|told/);
  await remove.getByRole("button", { name: "Delete event" }).click();
  await expect(page.getByRole("button", { name: /^Call back,/ })).toHaveCount(0);
  expect((await now(server, second)).status).toBe("deleted");
});

test("the front desk puts an event into someone's calendar, of which a colleague learns only that the time is taken", async ({ open, page, server, context }) => {
  const people = good(await server.as(ADA).GET("/v1/practitioners")).items;
  const [ada, ben] = ["Ada Adair", "Ben Bellamy"].map((name) => people.find((one) => one.name === name)?.id ?? "");
  const both = `/calendar?view=day&date=2028-05-09&zone=America/Vancouver&people=${ada},${ben}`;
  await open(both, FAY);
  await expect(page.getByText(/^Nothing is booked this day/)).toBeVisible();
  await page.getByRole("button", { name: "New session", exact: true }).click();
  await sheet(page, "New session").getByLabel("Type").selectOption({ label: "Team meeting" });
  const editor = sheet(page, "New event");
  await editor.getByLabel("Professional").selectOption({ label: "Ada Adair" });
  await editor.getByLabel("Title").fill("Appraisal");
  await editor.getByLabel("Date").fill("2028-05-09");
  await set(editor, "Time zone", "America/Vancouver");
  await set(editor, "Start", "14:00");
  await editor.getByRole("button", { name: "Book event" }).click();
  await expect(page.getByRole("button", { name: /^Appraisal, 2:00 PM, Team meeting, until 3:00 PM, Ada Adair/ })).toBeVisible();
  await event(server, "Note", "2028-05-09T16:00", { title: "Call the bank" });

  const colleague = await context.newPage();
  await signedIn(colleague, server, BEN);
  await colleague.goto(`/app${both}`);
  await expect(colleague.getByRole("button", { name: /^Busy, 2:00 PM, Taken, until 3:00 PM, Ada Adair/ })).toBeVisible();
  await expect(colleague.getByRole("button", { name: /^Private, 4:00 PM, free, until 5:00 PM, Ada Adair/ })).toBeVisible();
  await expect(colleague.getByText(/Appraisal|Team meeting|Call the bank/)).toHaveCount(0);
});

test("once it is over, an event waits for no outcome and can only be corrected or deleted", async ({ open, page, server }) => {
  const start = new Date((await server.now()).getTime() + 2 * 60_000).toISOString().slice(0, 16);
  const meeting = await event(server, "Busy", start, { title: "Standup", time_zone: "UTC", length_minutes: 1, allow_overlap: true });
  await server.advance("PT4M");
  await open(`/calendar?view=list&date=${start.slice(0, 10)}&zone=UTC`);
  const entry = page.getByRole("button", { name: /Standup/ });
  await expect(entry).toContainText("Closed");
  await entry.click();
  const editor = sheet(page, "Event: Standup");
  await expect(editor.getByRole("tab")).toHaveText(["Event", "History"]);
  await expect(editor.getByRole("button", { name: /^(Move|Cancel)/ })).toHaveCount(0);
  await editor.getByLabel("Title").fill("Stand-up");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: /Stand-up/ })).toBeVisible();
  expect((await now(server, meeting)).title).toBe("Stand-up");
});

test("an event of someone who leaves is handed over", async ({ open, page, server }) => {
  const { first_name, last_name } = server.name("Lee");
  const leaving = good(await server.as(ADA).POST("/v1/practitioners", { body: { name: `${first_name} ${last_name}`, email: "lee@demo.test", time_zone: "America/Vancouver" } }));
  const taking = good(await server.as(ADA).GET("/v1/practitioners")).items.find((one) => one.name === "Ben Bellamy");
  const meeting = await event(server, "Team meeting", "2027-06-01T10:00", { practitioner_id: leaving.id });
  await open("/settings/people");
  await page.getByRole("button", { name: `Deactivate ${leaving.name}` }).click();
  const dialog = sheet(page, `Deactivate ${leaving.name}?`);
  await dialog.getByLabel("Hand over to").selectOption("Ben Bellamy");
  await dialog.getByRole("button", { name: "Hand over 1 entry" }).click();
  await expect(dialog.getByText("1 entry handed over.")).toBeVisible();
  expect(await now(server, meeting)).toMatchObject({ practitioner_id: taking?.id, local_start: meeting.local_start });
});

test("axe finds nothing in the calendar and the editor with an event, and a phone has room for them", async ({ open, page, server }) => {
  await event(server, "Team meeting", "2028-06-06T09:00", { title: "A meeting with quite a long title, as people write them down" });
  await event(server, "Note", "2028-06-06T09:00", { title: "Another one that leaves the time bookable" });
  await open(week("2028-06-05"));
  const entry = page.getByRole("button", { name: /A meeting with quite a long title/ });
  await expect(entry).toBeVisible();
  await expectAccessible(page);
  await begin(page, "Note");
  await expectAccessible(page);

  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await page.keyboard.press("Escape");
  for (const view of ["day", "list", "month"]) {
    await open(`/calendar?view=${view}&date=2028-06-06&zone=America/Vancouver`);
    await expect(entry).toBeVisible();
    await expectFits(page);
  }
  await expectAccessible(page);
  await entry.click();
  await expect(sheet(page, /^Event: A meeting/).getByLabel("Title")).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
});
