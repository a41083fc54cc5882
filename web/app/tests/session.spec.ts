import type { Schemas } from "@hourkeep/client";
import type { Page } from "@playwright/test";
import { ADA, BEN, expect, expectAccessible, FAY, good, test, type Server } from "./fixtures.js";

const full = (client: Schemas["Client"]) => [client.first_name, client.last_name].filter(Boolean).join(" ");
const guardian = (email = "gil@family.test") => ({ contacts: [{ kind: "guardian", name: "Gil Guardian", email }], reminder_channels: ["email"] });
const sheet = (page: Page, name: RegExp | string = /session/i) => page.getByRole("dialog", { name });

type Opens = (path: string, as?: string) => Promise<void>;

/** The sheet for a new session, from the client's page. */
async function begin(open: Opens, page: Page, client: Schemas["Client"], as = ADA) {
  await open(`/clients/${client.id}`, as);
  await page.getByRole("button", { name: "Schedule session" }).first().click();
  const editor = sheet(page, "New session");
  await expect(editor.getByRole("combobox", { name: "Client" })).toHaveValue(full(client));
  return editor;
}

/** The sheet of a session, from the client's page. */
async function reopen(open: Opens, page: Page, client: Schemas["Client"], past = false) {
  await open(`/clients/${client.id}`);
  if (past) await page.getByRole("tab", { name: /^Past/ }).click();
  await page.getByRole("button", { name: /^Open the session/ }).first().click();
  const editor = sheet(page, `Session with ${full(client)}`);
  await expect(editor.getByRole("tab", { name: "History" })).toBeVisible();
  return editor;
}

async function type(page: Page, label: string, text: string) {
  const field = sheet(page).getByRole("combobox", { name: label, exact: true });
  await field.fill(text);
  await field.press("Escape");
  await field.blur();
}

async function sessions(server: Server, client: Schemas["Client"]) {
  const { items } = good(await server.as(ADA).GET("/v1/clients/{id}/sessions", { params: { path: { id: client.id } } }));
  const shown = await Promise.all(items.map(async ({ session_id }) => good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: session_id } } }))));
  return shown;
}

const day = (start: string) => start.slice(0, 10);

test("a new session is booked with invites to the guardian, and its link and code can be copied", async ({ open, page, server, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const client = await server.client(guardian());
  const start = await server.freeStart();
  const editor = await begin(open, page, client);
  await expect(editor.getByLabel("Professional")).toHaveValue(/prt_/);
  await expect(editor.getByRole("checkbox", { name: "Email invites" })).toBeChecked();
  await expect(editor.getByRole("checkbox", { name: "Gil Guardian" })).toBeChecked();
  await editor.getByLabel("Date").fill(day(start));
  await type(page, "Start", "10:00");
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor).toContainText(`Session with ${full(client)} booked`);
  await expect(editor).toContainText("Invites go to Gil Guardian");
  await editor.getByRole("button", { name: "Copy code" }).click();
  const [session] = await sessions(server, client);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(session?.clients[0]?.code);
  expect(session).toMatchObject({ local_start: start, time_zone: "America/Vancouver", invited: true, length_minutes: 60 });
});

test("the end follows the start until it is changed by hand", async ({ open, page, server }) => {
  const editor = await begin(open, page, await server.client(guardian()));
  const end = editor.getByRole("combobox", { name: "End" });
  await type(page, "Start", "9");
  await expect(end).toHaveValue("10:00 AM");
  await type(page, "Start", "1 pm");
  await expect(end).toHaveValue("2:00 PM");
  await type(page, "End", "2:30 pm");
  await expect(editor).toContainText("1 h 30 min");
  await type(page, "Start", "1:30 pm");
  await expect(end).toHaveValue("2:30 PM");
  await expect(editor).toContainText("1 h");
});

test("the chosen service sets the length, and its price can be changed", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await type(page, "Start", "9");
  await editor.getByRole("button", { name: "Add a service" }).click();
  await editor.getByRole("combobox", { name: "Service 1", exact: true }).selectOption({ label: "90832 · Psychotherapy, 30 minutes" });
  await expect(editor.getByRole("combobox", { name: "End" })).toHaveValue("9:30 AM");
  const price = editor.getByLabel("Price of service 1");
  await expect(price).toHaveValue("90.00");
  await price.fill("75,50");
  await expect(editor).toContainText("CA$75.50 in all");
  await editor.getByRole("button", { name: "Add another service" }).click();
  await editor.getByRole("combobox", { name: "Service 2", exact: true }).selectOption({ label: "90837 · Psychotherapy, 60 minutes" });
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor.getByText("booked", { exact: false }).first()).toBeVisible();
  const [session] = await sessions(server, client);
  expect(session?.services.map((one) => one.price_minor)).toEqual([7550, 15000]);
  expect(session?.length_minutes).toBe(30);
});

test("a price that cannot be read is refused, and never taken for the list price", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await editor.getByRole("button", { name: "Add a service" }).click();
  await editor.getByRole("combobox", { name: "Service 1", exact: true }).selectOption({ label: "90832 · Psychotherapy, 30 minutes" });
  await editor.getByLabel("Price of service 1").fill("1,500");
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor.getByText("Write the amount as a number, such as 150.00.")).toBeVisible();
  expect(await sessions(server, client)).toEqual([]);
  await editor.getByLabel("Price of service 1").fill("1500");
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor).toContainText("booked");
  const [session] = await sessions(server, client);
  expect(session?.services.map((one) => one.price_minor)).toEqual([150_000]);
});

test("the type of a session is chosen, and says whether the client is there", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await editor.getByLabel("Type").selectOption({ label: "Work for a client" });
  await expect(editor.getByLabel("Kind")).toHaveValue("indirect");
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor).toContainText("booked");
  const [session] = await sessions(server, client);
  expect(session).toMatchObject({ direct: false, event_type_id: expect.stringMatching(/^typ_/) });
});

for (const [typed, shown] of [["9:07", "9:07 AM"], ["907", "9:07 AM"], ["9.07", "9:07 AM"], ["9:07 pm", "9:07 PM"], ["21h30", "9:30 PM"]] as const) {
  test(`any minute can be typed: ${typed}`, async ({ open, page, server }) => {
    const editor = await begin(open, page, await server.client());
    await type(page, "Start", typed);
    await expect(editor.getByRole("combobox", { name: "Start" })).toHaveValue(shown);
  });
}

test("what is no time is said so beside the field", async ({ open, page, server }) => {
  const editor = await begin(open, page, await server.client(guardian()));
  await type(page, "Start", "half nine");
  await expect(editor.getByText("Type a time such as 9:07 or 14:30.")).toBeVisible();
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor.getByRole("combobox", { name: "Start" })).toBeFocused();
});

test("what the server refuses of a field stands beside it until something is changed", async ({ open, page, server }) => {
  const start = await server.freeStart();
  const editor = await begin(open, page, await server.client(guardian()));
  await editor.getByLabel("Date").fill(day(start));
  await type(page, "Start", "10:00");
  await editor.getByLabel("Link to join").fill("javascript:alert(1)");
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor.getByText(/^The link must be a web address/)).toBeVisible();
  await expect(editor.getByLabel("Link to join")).toBeFocused();
  await editor.getByLabel("Link to join").fill("https://meet.example/room-1");
  await expect(editor.getByText("must be a web address")).toHaveCount(0);
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor).toContainText("booked");
});

test("an end before the start is a mistake, not the next day", async ({ open, page, server }) => {
  const editor = await begin(open, page, await server.client(guardian()));
  await type(page, "Start", "14:00");
  await type(page, "End", "13:00");
  await expect(editor.getByText("ends the next day")).toBeVisible();
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor.getByText("The end is before the start.")).toBeVisible();
  await expect(editor.getByText("ends the next day")).toHaveCount(0);
});

test("without a recipient the invite is refused in words, and one can be added for this session only", async ({ open, page, server }) => {
  const client = await server.client();
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor.getByRole("alert")).toContainText("Invites need at least one recipient");
  await editor.getByRole("button", { name: "Add someone for this session only" }).click();
  await editor.getByLabel("Email", { exact: true }).fill("no address");
  await editor.getByRole("button", { name: "Add recipient" }).click();
  await expect(editor.getByText("Type an email address")).toBeVisible();
  await editor.getByLabel("Email", { exact: true }).fill("aunt@family.test");
  await editor.getByRole("button", { name: "Add recipient" }).click();
  await expect(editor.getByText("Invites need at least one recipient")).toHaveCount(0);
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor).toContainText("Invites go to aunt@family.test");
});

test("switched off, nothing is mailed", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await editor.getByRole("checkbox", { name: "Email invites" }).uncheck();
  await editor.getByRole("button", { name: "Book session" }).click();
  await expect(editor).toContainText("No invites are sent");
  expect((await sessions(server, client))[0]).toMatchObject({ invited: false, recipients: [] });
});

test("P5, P6: invites that are sent later go to the guardian, unless one says otherwise", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  await server.session(client);
  const editor = await reopen(open, page, client);
  await editor.getByRole("checkbox", { name: "Email invites" }).check();
  await expect(editor.getByRole("checkbox", { name: "Gil Guardian" })).toBeChecked();
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".toast").filter({ hasText: "nvites sent" })).toBeVisible();
  expect((await sessions(server, client))[0]?.recipients.map(({ email }) => email)).toEqual(["gil@family.test"]);
});

test("a client is created from a name alone", async ({ open, page, server }) => {
  await open("/");
  const { first_name, last_name } = server.name("Robin");
  const known = await server.client();
  const editor = await begin(open, page, known);
  const field = editor.getByRole("combobox", { name: "Client" });
  await field.fill(`${first_name} ${last_name}`);
  await page.getByRole("option", { name: `Create “${first_name} ${last_name}”` }).click();
  await expect(page.locator(".toast")).toContainText(`${first_name} ${last_name} is a client of Ada Adair now`);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await editor.getByRole("checkbox", { name: "Email invites" }).uncheck();
  await editor.getByRole("button", { name: "Book session" }).click();
  await expect(editor).toContainText(`Session with ${first_name} ${last_name} booked`);
});

test("leaving the field makes no client of a name that nobody has", async ({ open, page, server }) => {
  const { last_name } = server.name("Zed");
  await open("/");
  await page.getByRole("button", { name: "New session" }).first().click();
  const field = sheet(page, "New session").getByRole("combobox", { name: "Client" });
  await field.fill(last_name);
  await expect(page.getByRole("option", { name: `Create “${last_name}”` })).toBeVisible();
  await field.press("Tab");
  await expect(field).toHaveValue("");
  await expect(page.getByText("is a client of")).toHaveCount(0);
  const { items } = good(await server.as(ADA).GET("/v1/clients", { params: { query: { search: last_name } } }));
  expect(items).toEqual([]);
});

test("a client who is not assigned is assigned from here", async ({ open, page, server }) => {
  const client = await server.client({ ...guardian(), practitioner_ids: [] }, FAY);
  const editor = await begin(open, page, client, FAY);
  await editor.getByLabel("Professional").selectOption({ label: "Ben Bellamy" });
  await expect(editor).toContainText("is not assigned to Ben Bellamy");
  await editor.getByRole("button", { name: "Assign to Ben Bellamy" }).click();
  await expect(editor.getByText("is not assigned to")).toHaveCount(0);
  await expect(editor.getByRole("combobox", { name: "Time zone" })).toHaveValue("Europe/Paris");
});

test("reminders are offered only by the channels that the client's settings allow, two at most", async ({ open, page, server }) => {
  let editor = await begin(open, page, await server.client());
  await expect(editor.getByText("allow no reminders")).toBeVisible();
  const client = await server.client(guardian());
  editor = await begin(open, page, client);
  await editor.getByRole("button", { name: "Add a reminder" }).click();
  await editor.getByLabel("Reminder 1: when").selectOption("3");
  await editor.getByRole("button", { name: "Add a reminder" }).click();
  await expect(editor.getByRole("button", { name: "Add a reminder" })).toHaveCount(0);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor).toContainText("booked");
  expect((await sessions(server, client))[0]?.reminders.map((one) => one.days_before).sort()).toEqual([1, 3]);
});

test("a taken time names what is there and offers others", async ({ open, page, server }) => {
  const start = await server.freeStart();
  const there = await server.client();
  await server.session(there, { local_start: start });
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(start));
  await type(page, "Start", "10:15");
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  const taken = editor.getByRole("alert", { name: "The time is taken" });
  await expect(taken).toContainText(`Ada Adair is taken 10:00 AM – 11:00 AM with ${full(there)}`);
  const first = taken.getByRole("group", { name: "Free nearby" }).getByRole("button").first();
  const offered = await first.textContent();
  await first.click();
  await expect(editor.getByRole("combobox", { name: "Start" })).toHaveValue(/AM|PM/);
  expect(offered).toContain(await editor.getByRole("combobox", { name: "Start" }).inputValue());
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor).toContainText("booked");
});

test("staff may book a taken time all the same", async ({ open, page, server }) => {
  const start = await server.freeStart();
  await server.session(await server.client(), { local_start: start });
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(start));
  await type(page, "Start", "10:00");
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await editor.getByRole("button", { name: "Book it all the same" }).click();
  await expect(editor).toContainText("booked");
});

test("a time that the clocks skip is said so, and the next one is a button", async ({ open, page, server }) => {
  const editor = await begin(open, page, await server.client(guardian()));
  await editor.getByRole("combobox", { name: "Time zone" }).fill("Europe/Paris");
  await page.getByRole("option", { name: "Europe/Paris" }).click();
  await editor.getByLabel("Date").fill("2027-03-28");
  await type(page, "Start", "2:30");
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor.getByRole("alert")).toContainText("does not exist on that day");
  await editor.getByRole("button", { name: "Use 3:00 AM" }).click();
  await expect(editor.getByRole("combobox", { name: "Start" })).toHaveValue("3:00 AM");
});

test("of a time that comes twice either can be meant", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByRole("combobox", { name: "Time zone" }).fill("Europe/Paris");
  await page.getByRole("option", { name: "Europe/Paris" }).click();
  await editor.getByLabel("Date").fill("2027-10-31");
  await type(page, "Start", "2:30");
  await editor.getByRole("radio", { name: "The second (UTC+01:00)" }).check();
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor).toContainText("booked");
  expect((await sessions(server, client))[0]?.utc_offset).toBe("+01:00");
});

test("what was typed outlives a reload and is offered again", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  let editor = await begin(open, page, client);
  await editor.getByLabel("Additional instructions").fill("Ring twice");
  await page.reload();
  await page.getByRole("button", { name: "Schedule session" }).first().click();
  editor = sheet(page, "New session");
  await editor.getByRole("button", { name: "Take it up again" }).click();
  await expect(editor.getByLabel("Additional instructions")).toHaveValue("Ring twice");
  await expect(editor.getByRole("combobox", { name: "Client" })).toHaveValue(full(client));
});

test("a form that nobody typed into is not offered again", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  let editor = await begin(open, page, client);
  await expect(editor.getByRole("checkbox", { name: "Gil Guardian" })).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(editor).toHaveCount(0);
  await expect(page.locator(".toast")).toHaveCount(0);
  await page.getByRole("button", { name: "Schedule session" }).first().click();
  editor = sheet(page, "New session");
  await expect(editor.getByRole("checkbox", { name: "Gil Guardian" })).toBeChecked();
  await expect(editor.getByRole("button", { name: "Take it up again" })).toHaveCount(0);
});

test("one Save moves, changes the details and invites, and says what it did", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const session = await server.session(client);
  const editor = await reopen(open, page, client);
  await expect(editor.getByRole("button", { name: "Save" })).toBeDisabled();
  await type(page, "Start", "11:45 am");
  await expect(editor.getByRole("combobox", { name: "End" })).toHaveValue("12:45 PM");
  await editor.getByLabel("Additional instructions").fill("Bring the diary");
  await expect(editor.getByRole("checkbox", { name: "Send updated invites" })).toHaveCount(0);
  await editor.getByRole("checkbox", { name: "Email invites" }).check();
  await editor.getByRole("checkbox", { name: "Gil Guardian" }).check();
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".toast").filter({ hasText: "Moved, details saved, invites sent." })).toBeVisible();
  const [after] = await sessions(server, client);
  expect(after).toMatchObject({ local_start: `${day(session.local_start)}T11:45`, instructions: "Bring the diary", invited: true });
});

test("what was changed meanwhile is shown, and one's own changes can be applied again", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const session = await server.session(client);
  const editor = await reopen(open, page, client);
  await editor.getByLabel("Additional instructions").fill("Mine");
  good(await server.as(ADA).PATCH("/v1/sessions/{id}", { params: { path: { id: session.id } }, body: { url: "https://meet.test/theirs" } }));
  await editor.getByRole("button", { name: "Save" }).click();
  const meanwhile = editor.getByRole("alert", { name: "Changed meanwhile" });
  await expect(meanwhile).toContainText("the link");
  await meanwhile.getByRole("button", { name: "Apply my changes again" }).click();
  await expect(editor).toHaveCount(0);
  const [after] = await sessions(server, client);
  expect(after).toMatchObject({ instructions: "Mine", url: "https://meet.test/theirs" });
});

test("once due, only the link and the instructions can be changed, and the rest says why", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  await server.sessionIn(5, client);
  const editor = await reopen(open, page, client);
  await expect(editor).toContainText("only the link and the instructions can still be changed");
  await expect(editor.getByRole("combobox", { name: "Start" })).toBeDisabled();
  await expect(editor.getByRole("button", { name: "Move…" })).toHaveCount(0);
  await editor.getByLabel("Link to join").fill("https://meet.test/room");
  await editor.getByRole("button", { name: "Save" }).click();
  await expect(page.locator(".toast").filter({ hasText: "Details saved." })).toBeVisible();
  expect((await sessions(server, client))[0]?.url).toBe("https://meet.test/room");
});

test("after its end an entry opens at its outcome", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  await server.sessionIn(2, client, { length_minutes: 1 });
  await server.advance("PT4M");
  const editor = await reopen(open, page, client, true);
  await expect(editor.getByRole("tab", { name: "Outcome" })).toHaveAttribute("aria-selected", "true");
  await editor.getByRole("radio", { name: "No show" }).check();
  await expect(editor.getByLabel("Fee in CAD")).toHaveValue("75.00");
  await expectAccessible(page);
  await editor.getByLabel("Fee in CAD").fill("20");
  await editor.getByRole("button", { name: "Mark outcome" }).click();
  await expect(editor).toHaveCount(0);
  const [after] = await sessions(server, client);
  expect(after?.outcome).toEqual({ attendance: [{ client_id: client.id, value: "no_show", fee_minor: 2000 }] });
});

test("an indirect session's outcome is how far it got", async ({ open, page, server }) => {
  const client = await server.client();
  await server.sessionIn(2, client, { length_minutes: 1, direct: false });
  await server.advance("PT4M");
  const editor = await reopen(open, page, client, true);
  await editor.getByRole("radio", { name: "On hold" }).check();
  await editor.getByRole("button", { name: "Mark outcome" }).click();
  await expect(editor).toHaveCount(0);
  expect((await sessions(server, client))[0]?.outcome).toEqual({ progress: "on_hold" });
});

test("the history is told in words", async ({ open, page, server }) => {
  const client = await server.client();
  await server.session(client);
  const editor = await reopen(open, page, client);
  await editor.getByRole("tab", { name: "History" }).click();
  await expect(editor.getByRole("tabpanel")).toContainText("Ada Adair scheduled the session");
});

test("what was booked without invites can be undone at once, above the open sheet", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await editor.getByRole("checkbox", { name: "Email invites" }).uncheck();
  await editor.getByRole("button", { name: "Book session" }).click();
  await expect(editor).toContainText(`Session with ${full(client)} booked`);
  expect(await sessions(server, client)).toHaveLength(1);
  await expectAccessible(page);
  await editor.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".toast").filter({ hasText: "The booking is undone." })).toBeVisible();
  await expect(editor).toHaveCount(0);
  expect(await sessions(server, client)).toHaveLength(0);
});

test("what was changed since it was booked is not undone", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(await server.freeStart()));
  await editor.getByRole("checkbox", { name: "Email invites" }).uncheck();
  await editor.getByRole("button", { name: "Book session" }).click();
  await expect(editor).toContainText(`Session with ${full(client)} booked`);
  const [session] = await sessions(server, client);
  good(await server.as(FAY).PATCH("/v1/sessions/{id}", { params: { path: { id: session?.id ?? "" } }, body: { instructions: "Theirs" } }));
  await editor.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".toast").filter({ hasText: "It was changed since, so the booking stays." })).toBeVisible();
  expect((await sessions(server, client))[0]?.status).toBe("scheduled");
});

test("a message that was there before a dialog opened can be clicked above it, and stays when it closes", async ({ open, page, server }) => {
  const client = await server.client();
  const session = await server.session(client);
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "Move…" }).click();
  const move = sheet(page, /^Move the session/);
  await type2(move, "Start", "3 pm");
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(editor).toHaveCount(0);
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.hover();
  await page.keyboard.press("n");
  await expect(sheet(page, "New session")).toBeVisible();
  await undo.click({ trial: true });
  await page.keyboard.press("Escape");
  await expect(sheet(page, "New session")).toHaveCount(0);
  await page.keyboard.press("n");
  await expect(sheet(page, "New session")).toBeVisible();
  await undo.click();
  await expect(page.getByRole("status").filter({ hasText: "Moved back." })).toBeAttached();
  expect((await sessions(server, client))[0]?.local_start).toBe(session.local_start);
});

test("updated invites are offered when a session with invites moves, on by default", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const session = await server.session(client, { invite: { send: true } });
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "Move…" }).click();
  const move = sheet(page, /^Move the session/);
  await expect(move.getByRole("checkbox", { name: "Send updated invites" })).not.toBeChecked();
  await type2(move, "Start", "3 pm");
  await expect(move.getByRole("checkbox", { name: "Send updated invites" })).toBeChecked();
  await expect(move).toContainText("3:00 PM – 4:00 PM (Vancouver time)");
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(move).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  const [after] = await sessions(server, client);
  expect(after?.local_start).toBe(`${day(session.local_start)}T15:00`);
});

test("without invites none are offered, and a move can be undone", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const session = await server.session(client);
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "Move…" }).click();
  const move = sheet(page, /^Move the session/);
  await type2(move, "Start", "3 pm");
  await expect(move.getByRole("checkbox", { name: "Send updated invites" })).toHaveCount(0);
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.locator(".toast").filter({ hasText: "Moved back." })).toBeVisible();
  expect((await sessions(server, client))[0]?.local_start).toBe(session.local_start);
});

test("a move onto a taken time names what is there", async ({ open, page, server }) => {
  const client = await server.client();
  const session = await server.session(client);
  const there = await server.client();
  await server.session(there, { local_start: `${day(session.local_start)}T14:00` });
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "Move…" }).click();
  const move = sheet(page, /^Move the session/);
  await type2(move, "Start", "2 pm");
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(move.getByRole("alert", { name: "The time is taken" })).toContainText(full(there));
  await move.getByRole("button", { name: "Move it all the same" }).click();
  await expect(move).toHaveCount(0);
});

test("cancelling says that it can't be undone and sends notices by default only if invites went out", async ({ open, page, server }) => {
  for (const invited of [true, false]) {
    const client = await server.client(guardian());
    await server.session(client, { invite: { send: invited } });
    const editor = await reopen(open, page, client);
    await editor.getByRole("button", { name: "Cancel session…" }).click();
    const cancel = sheet(page, /^Cancel the session/);
    await expect(cancel).toContainText("can't be undone");
    await expect(cancel.getByRole("checkbox", { name: "Send cancellation notices" })).toBeChecked({ checked: invited });
    await expect(cancel.getByLabel("Fee in CAD")).toHaveValue("0.00");
    await cancel.getByRole("button", { name: "Cancel session", exact: true }).click();
    await expect(cancel).toHaveCount(0);
    expect((await sessions(server, client))[0]?.status).toBe("cancelled");
  }
});

test("a late cancellation shows the policy's fee, which staff may change with a reason", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  await server.sessionIn(5, client);
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "Cancel session…" }).click();
  const cancel = sheet(page, /^Cancel the session/);
  await expect(cancel.getByLabel("Fee in CAD")).toHaveValue("75.00");
  await expect(cancel).toContainText("CA$75.00 by the practice's policy");
  await cancel.getByLabel("Fee in CAD").fill("10.00");
  await cancel.getByLabel("Reason").fill("Snow");
  await cancel.getByRole("button", { name: "Cancel session", exact: true }).click();
  await expect(cancel).toHaveCount(0);
  const [after] = await sessions(server, client);
  expect(after?.cancellation).toMatchObject({ late: true, fee_minor: 1000, fee_overridden_from_minor: 7500, reason: "Snow" });
});

test("what was entered by mistake is deleted without notice and fee", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const session = await server.session(client);
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete, entered by mistake…" }).click();
  const remove = sheet(page, /^Delete the session/);
  await expect(remove).toContainText("Nobody is told and no fee is taken");
  await expect(remove.getByRole("checkbox", { name: /notices/ })).toHaveCount(0);
  await remove.getByRole("button", { name: "Delete session" }).click();
  await expect(remove).toHaveCount(0);
  expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: session.id } } })).status).toBe("deleted");
});

/** Someone else's change, while a dialog is open. */
async function theirs(server: Server, session: Schemas["Session"], body: Schemas["EditBody"]) {
  good(await server.as(FAY).PATCH("/v1/sessions/{id}", { params: { path: { id: session.id } }, body }));
}

test("what was changed meanwhile is said before a session moves, and is kept when it does", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const session = await server.session(client);
  const [room] = good(await server.as(ADA).GET("/v1/rooms")).items;
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "Move…" }).click();
  const move = sheet(page, /^Move the session/);
  await type2(move, "Start", "3 pm");
  const params = { path: { id: session.id } };
  good(await server.as(FAY).POST("/v1/sessions/{id}/reschedule", { params, body: { local_start: session.local_start, room_id: room?.id ?? "", allow_overlap: true } }));
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(move.getByRole("alert", { name: "Changed meanwhile" })).toContainText(/room/i);
  expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params })).local_start).toBe(session.local_start);
  await move.getByRole("button", { name: "Move", exact: true }).click();
  await expect(move).toHaveCount(0);
  const [after] = await sessions(server, client);
  expect(after).toMatchObject({ local_start: `${day(session.local_start)}T15:00`, room_id: room?.id });
});

test("what was changed meanwhile is said before a session is cancelled, and what was typed stays", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const session = await server.session(client);
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "Cancel session…" }).click();
  const cancel = sheet(page, /^Cancel the session/);
  await cancel.getByLabel("Fee in CAD").fill("10.00");
  await cancel.getByLabel("Reason").fill("Snow");
  await cancel.getByRole("checkbox", { name: "Send cancellation notices" }).check();
  await theirs(server, session, { instructions: "Theirs" });
  await cancel.getByRole("button", { name: "Cancel session", exact: true }).click();
  await expect(cancel.getByRole("alert", { name: "Changed meanwhile" })).toContainText("instructions");
  await expectAccessible(page);
  expect((await sessions(server, client))[0]?.status).toBe("scheduled");
  await expect(cancel.getByRole("checkbox", { name: "Send cancellation notices" })).toBeChecked();
  await cancel.getByRole("button", { name: "Cancel session", exact: true }).click();
  await expect(cancel).toHaveCount(0);
  const [after] = await sessions(server, client);
  expect(after).toMatchObject({ status: "cancelled", cancellation: { fee_minor: 1000, reason: "Snow" } });
});

test("what was changed meanwhile is said before a session is deleted", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const session = await server.session(client);
  const editor = await reopen(open, page, client);
  await editor.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete, entered by mistake…" }).click();
  const remove = sheet(page, /^Delete the session/);
  await remove.getByLabel("Reason").fill("Twice");
  await theirs(server, session, { instructions: "Theirs" });
  await remove.getByRole("button", { name: "Delete session" }).click();
  await expect(remove.getByRole("alert", { name: "Changed meanwhile" })).toContainText("instructions");
  expect((await sessions(server, client))[0]?.status).toBe("scheduled");
  await remove.getByRole("button", { name: "Delete session" }).click();
  await expect(remove).toHaveCount(0);
  expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: session.id } } })).status).toBe("deleted");
});

test("schedule, move and cancel by keyboard alone", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const start = await server.freeStart();
  await open(`/clients/${client.id}`);
  const schedule = page.getByRole("button", { name: "Schedule session" }).first();
  // It cannot be used, nor have the focus, before the client is there.
  await expect(schedule).toBeEnabled();
  await schedule.focus();
  await page.keyboard.press("Enter");
  const editor = sheet(page, "New session");
  await expect(editor.getByRole("combobox", { name: "Client" })).toBeFocused();
  await tabTo(page, "Date");
  const [year, month, date] = day(start).split("-");
  await page.keyboard.type(`${month}${date}${year}`);
  await tabTo(page, "Start");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("1010");
  await tabTo(page, "Book and send invites");
  await page.keyboard.press("Enter");
  await expect(editor).toContainText("booked");
  await tabTo(page, "Done");
  await page.keyboard.press("Enter");
  await expect(editor).toHaveCount(0);
  expect((await sessions(server, client))[0]?.local_start).toBe(`${day(start)}T10:10`);

  const row = page.getByRole("button", { name: /^Open the session/ }).first();
  await row.focus();
  await page.keyboard.press("Enter");
  await expect(sheet(page, /^Session with/)).toBeVisible();
  await tabTo(page, "Move…");
  await page.keyboard.press("Enter");
  const move = sheet(page, /^Move the session/);
  await expect(move.getByLabel("Date", { exact: true })).toBeFocused();
  await tabTo(page, "Start");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await tabTo(page, "Move");
  await page.keyboard.press("Enter");
  await expect(move).toHaveCount(0);
  const moved = (await sessions(server, client))[0]?.local_start;
  expect(moved).not.toBe(`${day(start)}T10:10`);

  await row.focus();
  await page.keyboard.press("Enter");
  await expect(sheet(page, /^Session with/)).toBeVisible();
  await tabTo(page, "Cancel session…");
  await page.keyboard.press("Enter");
  const cancel = sheet(page, /^Cancel the session/);
  await expect(cancel.getByRole("checkbox", { name: "Send cancellation notices" })).toBeChecked();
  await tabTo(page, "Cancel session");
  await page.keyboard.press("Enter");
  await expect(cancel).toHaveCount(0);
  expect((await sessions(server, client))[0]?.status).toBe("cancelled");
});

test("a practitioner books in their own calendar only", async ({ open, page }) => {
  await open("/", BEN);
  await page.getByRole("button", { name: /^Schedule session with Luc Laurent/ }).click();
  await expect(sheet(page, "New session").getByLabel("Professional").getByRole("option")).toHaveText(["Ben Bellamy"]);
});

test("axe finds nothing in the editor, the dialogs and the outcome", async ({ open, page, server }) => {
  const client = await server.client(guardian());
  const start = await server.freeStart();
  const session = await server.session(client, { local_start: start, invite: { send: true } });
  let editor = await begin(open, page, client);
  await editor.getByLabel("Date").fill(day(start));
  await type(page, "Start", "10:15");
  await editor.getByRole("button", { name: "Add a service" }).click();
  await editor.getByRole("button", { name: "Add a reminder" }).click();
  await editor.getByRole("button", { name: "Book and send invites" }).click();
  await expect(editor.getByRole("alert", { name: "The time is taken" })).toContainText(full(client));
  await expectAccessible(page);
  await page.evaluate(() => sessionStorage.removeItem("hourkeep.draft"));

  editor = await reopen(open, page, client);
  await expectAccessible(page);
  await editor.getByRole("button", { name: "Move…" }).click();
  await expect(sheet(page, /^Move/).getByLabel("Date", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await editor.getByRole("button", { name: "Cancel session…" }).click();
  await expect(sheet(page, /^Cancel/).getByLabel("Reason")).toBeVisible();
  await expectAccessible(page);
  expect(session.invited).toBe(true);
});

async function type2(dialog: ReturnType<typeof sheet>, label: string, text: string) {
  const field = dialog.getByRole("combobox", { name: label, exact: true });
  await field.fill(text);
  await field.press("Escape");
  await field.blur();
}

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string) {
  for (let step = 0; step < 60; step += 1) {
    const called = await page.evaluate(() => {
      const focused = document.activeElement;
      const label = focused instanceof HTMLInputElement || focused instanceof HTMLSelectElement ? focused.labels?.[0]?.textContent : focused?.textContent;
      return (focused?.getAttribute("aria-label") ?? label ?? "").replace("(optional)", "").trim();
    });
    if (called === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never came to ${name}`);
}

test("a new session begins at the next free time within working hours, not in the middle of the night", async ({ open, page, server }) => {
  const me = good(await server.as(ADA).GET("/v1/memberships")).items[0]?.practitioner_id ?? "";
  const free = async () => {
    const query = { practitioner_id: me, limit: 1 };
    return good(await server.as(ADA).GET("/v1/availability", { params: { query } })).items[0]?.local_start ?? "";
  };
  const before = await free();
  await open("/");
  await page.getByRole("button", { name: "New session" }).click();
  const editor = sheet(page, "New session");
  await expect(editor.getByLabel("Date")).toHaveValue(/\d/);
  const shown = `${await editor.getByLabel("Date").inputValue()} ${await editor.getByRole("combobox", { name: "Start" }).inputValue()}`;
  // A quarter of an hour may end meanwhile.
  const inWords = (local: string) => `${local.slice(0, 10)} ${new Date(`${local}:00Z`).toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit", timeZone: "UTC" })}`;
  expect([before, await free()].map(inWords)).toContain(shown);
});

test("a new session begins as its type says: length, service and presence", async ({ open, page, server }) => {
  const as = server.as(ADA);
  const type = good(await as.GET("/v1/event-types")).items.find((one) => one.category === "client");
  const service = good(await as.POST("/v1/services", { body: { code: "90791", name: "Intake", price_minor: 18_000, length_minutes: 90 } }));
  const change = async (body: object) => good(await as.PATCH("/v1/event-types/{id}", { params: { path: { id: type?.id ?? "" } }, body }));
  await change({ length_minutes: 50, service_id: service.id, direct: false });
  try {
    await open("/");
    await page.getByRole("button", { name: "New session" }).click();
    const editor = sheet(page, "New session");
    await expect(editor.getByText("50 min", { exact: true })).toBeVisible();
    await expect(editor.getByLabel("Service 1", { exact: true })).toHaveValue(service.id);
    await expect(editor.getByLabel("Kind")).toHaveValue("indirect");
    // Nothing of it was typed, so nothing is asked.
    await page.keyboard.press("Escape");
    await expect(editor).toHaveCount(0);
  } finally {
    await change({ length_minutes: null, service_id: null, direct: true });
    good(await as.PATCH("/v1/services/{id}", { params: { path: { id: service.id } }, body: { active: false } }));
  }
});
