import type { Page } from "@playwright/test";
import { ADA, BEN, expect, expectAccessible, expectFits, FAY, good, test, type Server } from "./fixtures.js";

const PARTS = ["people", "hours", "services", "rooms", "locations", "event-types", "policies", "sender", "usage", "practice"];
const row = (page: Page, name: string) => page.getByRole("main").getByRole("listitem").filter({ hasText: name });
const form = (page: Page, name: string) => page.getByRole("form", { name });

/** Something of one's own, so that tests do not change what others look at. */
let made = 0;
const called = (what: string) => `${what} ${++made}${String.fromCharCode(97 + Math.floor(Math.random() * 26))}${Date.now() % 10_000}`;

async function service(server: Server, wish: { price_minor?: number } = {}) {
  return good(await server.as(ADA).POST("/v1/services", { body: { code: "90837", name: called("Talk"), price_minor: 12_000, length_minutes: 50, ...wish } }));
}

async function practitioner(server: Server) {
  const name = called("Gia Green");
  return good(await server.as(ADA).POST("/v1/practitioners", { body: { name, email: "gia@demo.test", time_zone: "America/Vancouver" } }));
}

test("the last director cannot be made anything else and the page says why", async ({ open, page }) => {
  await open("/settings/people");
  const ada = row(page, "Ada Adair").first();
  await expect(ada.getByText("The practice's only director: make someone else a director first.")).toBeVisible();
  await expect(ada.getByRole("button", { name: "Deactivate Ada Adair" })).toBeDisabled();
  await ada.getByRole("button", { name: "Change Ada Adair" }).click();
  await expect(form(page, "Change Ada Adair").getByLabel("Role")).toBeDisabled();
  await expect(form(page, "Change Ada Adair").getByText("make someone else a director first")).toBeVisible();
});

test("someone is invited with a calendar of their own, and signs in", async ({ open, page, server }) => {
  const name = called("Hal Holm");
  const subject = `${name.replaceAll(" ", ".").toLowerCase()}@demo.test`;
  await open("/settings/people");
  await page.getByRole("button", { name: "Invite someone" }).click();
  const invite = form(page, "Invite someone");
  await expect(invite.getByLabel("Name")).toBeFocused();
  await invite.getByLabel("Name").fill(name);
  await invite.getByLabel("Signs in as").fill(subject);
  await invite.getByLabel("Email for replies").fill(subject);
  await invite.getByRole("button", { name: "Add" }).click();
  await expect(page.getByText(`${name} can sign in as ${subject}.`)).toBeVisible();
  const me = good(await server.as(subject).GET("/v1/memberships")).items[0];
  expect(me).toMatchObject({ role: "practitioner" });
  expect(me?.practitioner_id).toBeTruthy();
});

test("an invitation that is refused says so next to its field, loses nothing, and makes no second profile", async ({ open, page, server }) => {
  const name = called("Ida Iversen");
  await open("/settings/people");
  await page.getByRole("button", { name: "Invite someone" }).click();
  const invite = form(page, "Invite someone");
  await invite.getByLabel("Name").fill(name);
  await invite.getByLabel("Email for replies").fill("ida@demo.test");
  await invite.getByRole("button", { name: "Add" }).click();
  await expect(invite.getByLabel("Signs in as")).toHaveAttribute("aria-invalid", "true");
  await expect(invite.getByLabel("Signs in as")).toBeFocused();
  await expect(invite.getByText("Write how they sign in.")).toBeVisible();
  await invite.getByLabel("Signs in as").fill(FAY);
  await invite.getByRole("button", { name: "Add" }).click();
  await expect(invite.getByText("This sign-in is a member of the practice already.")).toBeVisible();
  await expect(invite.getByLabel("Name")).toHaveValue(name);
  await invite.getByLabel("Signs in as").fill(`${called("ida").replaceAll(" ", "")}@demo.test`);
  await invite.getByRole("button", { name: "Add" }).click();
  await expect(page.getByText(`${name} can sign in as`)).toBeVisible();
  const all = good(await server.as(ADA).GET("/v1/practitioners")).items.filter((one) => one.name === name);
  expect(all).toHaveLength(1);
});

test("someone's role is changed", async ({ open, page, server }) => {
  const subject = `${called("jo").replaceAll(" ", "")}@demo.test`;
  const name = called("Jo Jensen");
  good(await server.as(ADA).POST("/v1/members", { body: { name, subject, role: "front_desk" } }));
  await open("/settings/people");
  await page.getByRole("button", { name: `Change ${name}` }).click();
  await form(page, `Change ${name}`).getByLabel("Role").selectOption("Director");
  await form(page, `Change ${name}`).getByRole("button", { name: "Save" }).click();
  await expect(row(page, name)).toContainText("Director");
  await expect(page.getByRole("button", { name: `Change ${name}` })).toBeFocused();
  // Back again: there is one director as before, whom other tests ask for.
  await page.getByRole("button", { name: `Deactivate ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate", exact: true }).click();
  await expect(page.getByText(`${name} is deactivated.`).first()).toBeVisible();
});

test("who leaves hands over what is to come, and the page says what could not be moved and why", async ({ open, page, server }) => {
  const leaving = await practitioner(server);
  const taking = await practitioner(server);
  const [fits, clashes] = [await server.client(), await server.client()];
  const both = { practitioner_ids: [leaving.id] };
  for (const client of [fits, clashes]) good(await server.as(ADA).PATCH("/v1/clients/{id}", { params: { path: { id: client.id } }, body: both }));
  const moved = await server.session(fits, { practitioner_id: leaving.id, invite: { send: true, recipients: [{ email: "kim@client.test", name: "Kim" }] } });
  const stays = await server.session(clashes, { practitioner_id: leaving.id });
  const other = await server.client({ practitioner_ids: [taking.id] });
  await server.session(other, { practitioner_id: taking.id, local_start: stays.local_start });

  await open("/settings/people");
  await page.getByRole("button", { name: `Deactivate ${leaving.name}` }).click();
  const dialog = page.getByRole("dialog", { name: `Deactivate ${leaving.name}?` });
  await expect(dialog.getByRole("heading", { name: "2 sessions to come" })).toBeVisible();
  await dialog.getByLabel("Hand over to").selectOption(taking.name);
  await dialog.getByRole("button", { name: "Hand over 2 sessions" }).click();
  await expect(dialog.getByText("1 session handed over, 1 could not be.")).toBeVisible();
  await expect(dialog.getByText("Could not be handed over")).toBeVisible();
  expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: moved.id } } }))).toMatchObject({
    practitioner_id: taking.id,
    local_start: moved.local_start,
  });
  expect(good(await server.as(ADA).GET("/v1/clients/{id}", { params: { path: { id: fits.id } } })).practitioner_ids).toEqual([leaving.id, taking.id]);
  await expectAccessible(page);

  await dialog.getByRole("button", { name: /^Hand over all the same/ }).click();
  await expect(dialog.getByText("2 sessions handed over.")).toBeVisible();
  await dialog.getByRole("button", { name: "Deactivate", exact: true }).click();
  await expect(page.getByText(`${leaving.name} is deactivated.`).first()).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: `Deactivate ${leaving.name}` })).toBeVisible();
});

test("a series is handed over as a whole, so that its later sessions go too", async ({ open, page, server }) => {
  const [leaving, taking] = [await practitioner(server), await practitioner(server)];
  const client = await server.client({ practitioner_ids: [leaving.id] });
  const series = good(
    await server.as(ADA).POST("/v1/series", {
      body: {
        clients: [{ client_id: client.id }],
        practitioner_id: leaving.id,
        local_start: await server.freeStart(),
        recurrence: { rule: "FREQ=WEEKLY;COUNT=4", on_conflict: "stop" },
      },
    }),
  );
  await open("/settings/people");
  await page.getByRole("button", { name: `Deactivate ${leaving.name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Hand over to").selectOption(taking.name);
  await dialog.getByRole("button", { name: "Hand over 4 sessions" }).click();
  await expect(dialog.getByText("4 sessions handed over.")).toBeVisible();
  for (const { session_id: id } of series.sessions) {
    expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id } } })).practitioner_id).toBe(taking.id);
  }
});

test("a series that clashes stays as a whole until one says to hand it over all the same", async ({ open, page, server }) => {
  const [leaving, taking] = [await practitioner(server), await practitioner(server)];
  const client = await server.client({ practitioner_ids: [leaving.id, taking.id] });
  const recurrence = { rule: "FREQ=WEEKLY;COUNT=3", on_conflict: "stop" };
  const wish = { clients: [{ client_id: client.id }], practitioner_id: leaving.id, local_start: await server.freeStart(), recurrence };
  const series = good(await server.as(ADA).POST("/v1/series", { body: wish }));
  const second = series.sessions[1]?.place;
  await server.session(client, { practitioner_id: taking.id, ...(second && { local_start: second }) });
  const whose = () =>
    Promise.all(series.sessions.map(async ({ session_id: id }) => good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id } } })).practitioner_id));

  await open("/settings/people");
  await page.getByRole("button", { name: `Deactivate ${leaving.name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Hand over to").selectOption(taking.name);
  await dialog.getByRole("button", { name: "Hand over 3 sessions" }).click();
  await expect(dialog.getByText("0 sessions handed over, 3 could not be.")).toBeVisible();
  await expect(dialog.getByText("It stays with its series, above.")).toHaveCount(2);
  expect(await whose()).toEqual([leaving.id, leaving.id, leaving.id]);
  await expectAccessible(page);

  await dialog.getByRole("button", { name: /^Hand over all the same/ }).click();
  await expect(dialog.getByText("3 sessions handed over.")).toBeVisible();
  expect(await whose()).toEqual([taking.id, taking.id, taking.id]);
});

test("a hand-over that lost its connection says so and goes on where it stopped", async ({ open, page, server }) => {
  const [leaving, taking] = [await practitioner(server), await practitioner(server)];
  const client = await server.client({ practitioner_ids: [leaving.id, taking.id] });
  const sessions = [await server.session(client, { practitioner_id: leaving.id }), await server.session(client, { practitioner_id: leaving.id })];
  await open("/settings/people");
  await page.getByRole("button", { name: `Deactivate ${leaving.name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Hand over to").selectOption(taking.name);
  await page.route(`**/v1/sessions/${sessions[1]?.id}/reschedule`, (route) => route.abort());
  await dialog.getByRole("button", { name: "Hand over 2 sessions" }).click();
  await expect(dialog.getByText("Stopped: 1 were not tried")).toBeVisible();
  await expect(dialog.getByRole("alert")).toContainText("No connection");
  await page.unroute(`**/v1/sessions/${sessions[1]?.id}/reschedule`);
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(dialog.getByText("1 session handed over.")).toBeVisible();
  for (const { id } of sessions) {
    expect(good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id } } })).practitioner_id).toBe(taking.id);
  }
});

test("a price that is no number is refused next to its field", async ({ open, page, server }) => {
  const name = called("Group talk");
  await open("/settings/services", FAY);
  await page.getByRole("button", { name: "Add a service" }).click();
  const add = form(page, "Add a service");
  await add.getByLabel("Name").fill(name);
  await add.getByLabel("Billing code").fill("90853");
  for (const price of ["cheap", "1,500", "-5", "12.345"]) {
    await add.getByLabel("Price in CAD").fill(price);
    await add.getByRole("button", { name: "Add" }).click();
    await expect(add.getByLabel("Price in CAD")).toHaveAttribute("aria-invalid", "true");
    await expect(add.getByText("Write the amount as a number, such as 150.00.")).toBeVisible();
  }
  await add.getByLabel("Price in CAD").fill("62,50");
  await add.getByRole("button", { name: "Add" }).click();
  await expect(row(page, name)).toContainText("62.50");
  const all = good(await server.as(ADA).GET("/v1/services")).items;
  expect(all.find((one) => one.name === name)).toMatchObject({ price_minor: 6_250, length_minutes: null });
});

test("what the API refuses is said next to its field too", async ({ open, page, server }) => {
  const { name } = await service(server);
  await open("/settings/services");
  await page.getByRole("button", { name: `Change ${name}` }).click();
  const change = form(page, `Change ${name}`);
  await change.getByLabel("Name").fill("");
  await change.getByRole("button", { name: "Save" }).click();
  await expect(change.getByText("Name must not be empty.")).toBeVisible();
  await expect(change.getByLabel("Name")).toBeFocused();
});

test("a deactivated service can be had back by Undo", async ({ open, page, server }) => {
  const { name, id } = await service(server);
  await open("/settings/services");
  await page.getByRole("button", { name: `Deactivate ${name}` }).click();
  await expect(page.getByText(`${name} is deactivated.`).first()).toBeVisible();
  const state = async () => good(await server.as(ADA).GET("/v1/services/{id}", { params: { path: { id } } })).active;
  expect(await state()).toBe(false);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: `Deactivate ${name}` })).toBeVisible();
  expect(await state()).toBe(true);
});

test("what someone else changed meanwhile is shown, and mine can be applied again", async ({ open, page, server }) => {
  const theirs = await service(server);
  await open("/settings/services");
  await page.getByRole("button", { name: `Change ${theirs.name}` }).click();
  const change = form(page, `Change ${theirs.name}`);
  await change.getByLabel("Billing code").fill("90846");
  const path = { id: theirs.id };
  good(await server.as(FAY).PATCH("/v1/services/{id}", { params: { path }, body: { price_minor: 13_500 } }));
  await change.getByRole("button", { name: "Save" }).click();
  await expect(change.getByRole("alert")).toContainText("Someone else changed this while you were typing.");
  await expect(change.getByRole("alert")).toContainText("Price: CA$120.00 → CA$135.00");
  await expectAccessible(page);
  await change.getByRole("button", { name: "Apply mine again" }).click();
  await expect(row(page, theirs.name)).toContainText("90846 · CA$135.00");
  expect(good(await server.as(ADA).GET("/v1/services/{id}", { params: { path } }))).toMatchObject({ code: "90846", price_minor: 13_500 });
});

test("what was typed and not saved is asked for before one leaves", async ({ open, page }) => {
  await open("/settings/services");
  await page.getByRole("button", { name: "Add a service" }).click();
  await form(page, "Add a service").getByLabel("Name").fill("Half a name");
  const asked: string[] = [];
  page.once("dialog", (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Rooms" }).click();
  await expect(form(page, "Add a service").getByLabel("Name")).toHaveValue("Half a name");
  expect(asked).toEqual(["You have changes that are not saved. Leave without them?"]);
  page.once("dialog", (dialog) => void dialog.accept());
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Rooms" }).click();
  await expect(page.getByRole("heading", { name: "Rooms", level: 2 })).toBeVisible();
});

test("what was typed and not saved is asked for before the browser's Back leads away too", async ({ open, page }) => {
  await open("/settings/rooms");
  await page.getByRole("link", { name: "Services" }).click();
  await page.getByRole("button", { name: "Add a service" }).click();
  const name = form(page, "Add a service").getByLabel("Name");
  await name.fill("Half a name");
  page.once("dialog", (dialog) => void dialog.dismiss());
  await page.goBack();
  await expect(page).toHaveURL(/\/settings\/services$/);
  await expect(name).toHaveValue("Half a name");
  page.once("dialog", (dialog) => void dialog.accept());
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Rooms", level: 2 })).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("heading", { name: "Services", level: 2 })).toBeVisible();
});

test("rooms are in person or virtual for good, and locations have their code in words", async ({ open, page, server }) => {
  const [room, location] = [called("Red room"), called("High school")];
  await open("/settings/rooms", FAY);
  await page.getByRole("button", { name: "Add a room" }).click();
  await form(page, "Add a room").getByLabel("Name").fill(room);
  await form(page, "Add a room").getByLabel("Kind").selectOption({ label: "Virtual: any number of sessions at once" });
  await form(page, "Add a room").getByRole("button", { name: "Add" }).click();
  await expect(row(page, room)).toContainText("Virtual");
  await page.getByRole("button", { name: `Change ${room}` }).click();
  await expect(form(page, `Change ${room}`).getByLabel("Kind")).toHaveCount(0);
  await form(page, `Change ${room}`).getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Locations" }).click();
  await page.getByRole("button", { name: "Add a location" }).click();
  const add = form(page, "Add a location");
  await add.getByLabel("Name or address").fill(location);
  await add.getByLabel("Place of service").selectOption({ label: "Another code…" });
  await add.getByLabel("Its two digits").fill("3");
  await add.getByRole("button", { name: "Add" }).click();
  await expect(add.getByText("must be a place-of-service code of two digits")).toBeVisible();
  await add.getByLabel("Its two digits").fill("03");
  await add.getByRole("button", { name: "Add" }).click();
  await expect(row(page, location)).toContainText("Place of service 03 School");
  expect(good(await server.as(ADA).GET("/v1/locations")).items.some((one) => one.name === location && one.place_of_service === "03")).toBe(true);
});

test("hours are set by keyboard alone: several a day, copied to all weekdays", async ({ open, page, server }) => {
  const one = await practitioner(server);
  await open("/settings/hours");
  await page.getByLabel("Practitioner").selectOption(one.name);
  await page.getByRole("button", { name: "Add hours on Monday" }).press("Enter");
  await expect(page.getByLabel("Monday, hours 1, from")).toBeFocused();
  await page.keyboard.type("0830AM");
  await page.keyboard.press("Tab");
  await page.getByLabel("Monday, hours 1, until").focus();
  await page.keyboard.type("1200PM");
  await page.getByRole("button", { name: "Add hours on Monday" }).press("Enter");
  await expect(page.getByLabel("Monday, hours 2, from")).toHaveValue("13:00");
  await page.getByRole("button", { name: /copy Monday to all weekdays/ }).press("Enter");
  await page.getByRole("button", { name: "Remove hours 2 of Friday" }).press("Enter");
  await expect(page.getByRole("button", { name: "Add hours on Friday" })).toBeFocused();
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await expect(page.getByText(`The hours of ${one.name} are saved.`).first()).toBeVisible();
  const saved = good(await server.as(ADA).GET("/v1/practitioners/{id}", { params: { path: { id: one.id } } })).weekly_hours as unknown[];
  expect(saved).toHaveLength(9);
  expect(saved.slice(0, 2)).toEqual([
    { weekday: "mon", from: "08:30", until: "12:00" },
    { weekday: "mon", from: "13:00", until: "17:00" },
  ]);
  expect(saved.at(-1)).toEqual({ weekday: "fri", from: "08:30", until: "12:00" });
});

test("hours that overlap or end before they begin are refused next to them", async ({ open, page, server }) => {
  const one = await practitioner(server);
  await open("/settings/hours");
  await page.getByLabel("Practitioner").selectOption(one.name);
  await page.getByRole("button", { name: "Add hours on Tuesday" }).click();
  await page.getByRole("button", { name: "Add hours on Tuesday" }).click();
  await page.getByLabel("Tuesday, hours 2, from").fill("16:00");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It overlaps with other hours of the day.")).toBeVisible();
  await expect(page.getByLabel("Tuesday, hours 2, from")).toBeFocused();
  await page.getByLabel("Tuesday, hours 2, from").fill("19:00");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("It has to end after it begins, on the same day.")).toBeVisible();
  await expectAccessible(page);
});

test("practitioners set their own zone and hours, and read those of others", async ({ open, page, server }) => {
  await open("/settings/hours", BEN);
  await expect(page.getByRole("heading", { name: "Weekly hours of Ben Bellamy" })).toBeVisible();
  await page.getByRole("combobox", { name: "Time zone" }).fill("lisb");
  await page.getByRole("option", { name: "Europe/Lisbon" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The hours of Ben Bellamy are saved.").first()).toBeVisible();
  const ben = good(await server.as(BEN).GET("/v1/practitioners")).items.find((one) => one.name === "Ben Bellamy");
  expect(ben?.time_zone).toBe("Europe/Lisbon");
  await page.getByLabel("Practitioner").selectOption("Ada Adair");
  await expect(page.getByText("Ada Adair and directors may change these hours.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
});

test("who may not change something reads who may", async ({ open, page }) => {
  await open("/settings/policies", FAY);
  await expect(page.getByText("Only a director may change this.")).toBeVisible();
  await expect(page.getByText("10 minutes")).toBeVisible();
  await expect(page.getByRole("textbox")).toHaveCount(0);
  await page.goto("/app/settings/people");
  await expect(page.getByText("Only a director may change this.")).toBeVisible();
  await expect(page.getByText("Ben Bellamy")).toBeVisible();
  await page.goto("/app/settings/usage");
  await expect(page.getByText("What the practice used is shown to directors.")).toBeVisible();
});

test("services are read by practitioners, without buttons", async ({ open, page }) => {
  await open("/settings/services", BEN);
  await expect(page.getByText("Directors and the front desk may change these.")).toBeVisible();
  await expect(page.getByText("Psychotherapy, 60 minutes")).toBeVisible();
  await expect(page.getByRole("button", { name: /Change|Add a/ })).toHaveCount(0);
});

test("policies are changed in their units, and what cannot be is refused next to its field", async ({ open, page, server }) => {
  await open("/settings/policies");
  const policies = form(page, "Policies");
  await policies.getByLabel("Due before the start (minutes)").fill("soon");
  await policies.getByRole("button", { name: "Save" }).click();
  await expect(policies.getByText("Write a whole number of minutes, such as 10.")).toBeVisible();
  await policies.getByLabel("Due before the start (minutes)").fill("500");
  await policies.getByRole("button", { name: "Save" }).click();
  await expect(policies.getByText("must be a whole number of minutes from 0 to 120.")).toBeVisible();
  await policies.getByLabel("Due before the start (minutes)").fill("15");
  await policies.getByLabel("Fee in CAD").fill("80");
  await policies.getByLabel("First reminder").selectOption("2 days before");
  await policies.getByLabel("Second reminder").selectOption("2 days before");
  await policies.getByRole("button", { name: "Save" }).click();
  await expect(policies.getByText("Two reminders on the same day say the same.")).toBeVisible();
  await policies.getByLabel("Second reminder").selectOption("1 day before");
  await policies.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The policies are saved.").first()).toBeVisible();
  expect(good(await server.as(ADA).GET("/v1/practice")).policies).toMatchObject({
    due_window_minutes: 15,
    no_show_fee_minor: 8_000,
    reminders: [
      { days_before: 2, channel: "email" },
      { days_before: 1, channel: "email" },
    ],
  });
  // As it was, for the other tests.
  good(await server.as(ADA).PATCH("/v1/practice", { body: { policies: { due_window_minutes: 10, no_show_fee_minor: 7_500, reminders: [] } } }));
});

test("the sender's name is seen as a mail will show it", async ({ open, page, server }) => {
  await open("/settings/sender");
  const from = page.getByRole("region", { name: "How a mail begins" }).getByRole("definition").first();
  await expect(from).toHaveText("Harbour Clinic <harbour-clinic@…>");
  await page.getByLabel("Sender name").fill("Harbour front desk");
  await expect(from).toContainText("Harbour front desk");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The sender is saved.").first()).toBeVisible();
  expect(good(await server.as(ADA).GET("/v1/practice")).policies.sender_name).toBe("Harbour front desk");
  await page.getByLabel("Sender name").fill("");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(from).toContainText("Harbour Clinic");
  await expect.poll(async () => good(await server.as(ADA).GET("/v1/practice")).policies.sender_name).toBeNull();
});

test("usage is shown by month as numbers, with limits where there are any", async ({ open, page }) => {
  await page.route("**/v1/practice/usage?month=*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), mails_limit: 100, mails_sent: 100 } });
  });
  await open("/settings/usage");
  await expect(page.getByRole("row")).toHaveCount(7);
  await expect(page.getByRole("row").nth(1)).toContainText("100 of 100, used up");
  await page.getByRole("button", { name: "Show earlier months" }).click();
  await expect(page.getByRole("row")).toHaveCount(13);
});

test("event types: six for clients and four others can be active, and the page says so", async ({ open, page, server }) => {
  const fay = server.as(FAY);
  const add = async (name: string) => good(await fay.POST("/v1/event-types", { body: { name, category: "client" } })).id;
  const retire = async (id: string) => good(await fay.PATCH("/v1/event-types/{id}", { params: { path: { id } }, body: { active: false } }));
  await retire(await add("Kind 1"));
  const made = [await add("Kind 2"), await add("Kind 3"), await add("Kind 4")];
  await open("/settings/event-types", FAY);
  await expect(page.getByText("6 of 6 for clients and 3 of 4 without clients are active.")).toBeVisible();
  await page.getByRole("button", { name: "Add an event type" }).click();
  const sheet = form(page, "Add an event type");
  await expect(sheet.getByRole("option", { name: "With clients, by video (no more can be active)" })).toBeDisabled();
  await sheet.getByLabel("Name").fill("Supervision");
  await sheet.getByLabel("What it is about").selectOption("With the team");
  await expect(sheet.getByLabel("Colour")).toHaveValue("purple");
  await expect(sheet.getByLabel("Service")).toHaveCount(0);
  await sheet.getByLabel("Takes the time").uncheck();
  await expectAccessible(page);
  await sheet.getByRole("button", { name: "Add" }).click();
  await expect(row(page, "Supervision")).toContainText("With the team · free");
  const { items } = good(await fay.GET("/v1/event-types"));
  const added = items.find((one) => one.name === "Supervision");
  expect(added).toMatchObject({ category: "team", colour: "purple", icon: "people", busy: false });
  await page.getByText("Deactivated (1)").click();
  await expect(page.getByRole("button", { name: "Activate Kind 1" })).toBeDisabled();
  await page.getByRole("button", { name: "Deactivate Kind 2", exact: true }).click();
  await expect(page.getByRole("button", { name: "Activate Kind 1" })).toBeEnabled();
  // The other tests of this server begin with the usual ones.
  for (const id of [...made.slice(1), added?.id ?? ""]) await retire(id);
});

test("without a connection a part says so, and tries again when asked", async ({ open, page }) => {
  await page.route("**/v1/rooms*", (route) => route.abort());
  await open("/settings/rooms");
  await expect(page.getByRole("alert")).toContainText("No connection");
  await page.unroute("**/v1/rooms*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Blue room")).toBeVisible();
});

test("an empty practice is led from its zone to its first session, and the guide goes when all is done", async ({ open, page }) => {
  const nothing = { json: { items: [] } };
  for (const list of ["services", "rooms", "clients", "practitioners"]) {
    await page.route(new RegExp(`/v1/${list}(\\?|$)`), (route) => (route.request().method() === "GET" ? route.fulfill(nothing) : route.continue()));
  }
  await page.route("**/v1/practice/usage*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), sessions_booked: 0 } });
  });
  await page.route("**/v1/practice", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), revision: 1 } });
  });
  await open("/");
  const guide = page.getByRole("region", { name: "Welcome to Harbour Clinic" });
  await expect(guide.getByText("0 of 6 steps are done.")).toBeVisible();
  await guide.getByRole("button", { name: "It is right" }).click();
  await expect(guide.getByText("1 of 6 steps are done.")).toBeVisible();
  await guide.getByRole("button", { name: "Skip: Add a room" }).click();
  await expect(guide.getByRole("listitem").filter({ hasText: "Add a room" })).toContainText("(skipped)");
  await expectAccessible(page);
  await guide.getByRole("link", { name: "Add a service" }).click();
  await expect(page.getByRole("heading", { name: "Services", level: 2 })).toBeVisible();
  await page.unrouteAll();
  await page.goto("/app/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByRole("list", { name: "Clients" })).toBeVisible();
  await expect(guide).toHaveCount(0);
});

for (const part of PARTS) {
  test(`the settings of ${part} can be used by everyone, in light and dark, on a desk and a phone`, async ({ open, page }) => {
    await open(`/settings/${part}`);
    await expect(page.getByRole("heading", { level: 2 })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectFits(page);
    await expectAccessible(page);
  });
}

test("on a phone the settings begin with the list of their parts, and each leads back to it", async ({ open, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open("/settings");
  const parts = page.getByRole("navigation", { name: "Settings" });
  await expect(parts.getByRole("link")).toHaveCount(PARTS.length);
  await expectAccessible(page);
  await parts.getByRole("link", { name: /Rooms/ }).click();
  await expect(page.getByText("Blue room")).toBeVisible();
  await expect(parts).toBeHidden();
  await page.getByRole("link", { name: "All settings" }).click();
  await expect(parts).toBeVisible();
});
