import { ADA, BEN, expect, expectAccessible, expectFits, good, test } from "./fixtures.js";

const full = (client: { first_name?: string | null; last_name?: string | null }) => `${client.first_name} ${client.last_name}`;
const GIL = { kind: "guardian", name: "Gil Grove", email: "gil@family.test" };

test("the page shows who is around the client, who treats them, and their sessions", async ({ open, page, server }) => {
  const client = await server.client({ contacts: [GIL], reminder_channels: ["email"], time_zone: "America/Toronto" });
  await server.session(client);
  await open(`/clients/${client.id}`);
  await expect(page).toHaveTitle(`${full(client)} · Hourkeep`);
  const about = page.getByRole("complementary");
  await expect(about).toContainText("Gil Grove");
  await expect(about).toContainText("gil@family.test");
  await expect(about).toContainText("Ada Adair");
  await expect(about).toContainText("May be reminded by email");
  await expect(about).toContainText("Toronto time");
  await expect(page.getByRole("tab", { name: "Coming (1)" })).toBeVisible();
  await expect(page.getByRole("tabpanel")).toContainText("10:00 AM – 11:00 AM, Vancouver time");
  await expectAccessible(page);
});

test("P2: a session is scheduled from the client's page", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Schedule session" }).first().click();
  await expect(page.getByRole("dialog")).toContainText(full(client));
});

test("sessions are told apart: coming and past, by arrow keys too", async ({ open, page, server }) => {
  const client = await server.client();
  await server.sessionIn(2, client, { length_minutes: 5 });
  await server.session(client);
  await server.advance("PT15M");
  await open(`/clients/${client.id}`);
  await page.getByRole("tab", { name: "Coming (1)" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Past (1)" })).toBeFocused();
  await expect(page.getByRole("tabpanel")).toContainText("Outcome missing");
});

test("B8: the history of a session is told in words, with who was invited", async ({ open, page, server }) => {
  const client = await server.client({ contacts: [GIL] });
  const session = await server.session(client, { invite: { send: true } });
  const later = `${session.local_start.slice(0, 11)}14:00`;
  good(
    await server.as(ADA).POST("/v1/sessions/{id}/reschedule", {
      params: { path: { id: session.id } },
      body: { local_start: later, reason: "The car broke down" },
    }),
  );
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: /^Details of the session/ }).click();
  const details = page.getByRole("tabpanel");
  await expect(details).toContainText("Ada Adair scheduled the session");
  await expect(details).toContainText("The car broke down");
  await expect(details).toContainText("gil@family.test");
  await expect(details).toContainText("Sent");
  await expectAccessible(page);
});

test("a contact is added, and what is wrong with it is said beside its field", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: `Edit ${full(client)}` });
  await dialog.getByRole("button", { name: "Add contact" }).click();
  const contact = dialog.getByRole("group", { name: "Contact 1" });
  await expect(contact.getByLabel("Name")).toBeFocused();
  await page.keyboard.type("Gil Grove");
  const gil = dialog.getByRole("group", { name: "Gil Grove" });
  await gil.getByLabel("Email").fill("gil at home");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(gil.getByLabel("Email")).toHaveAccessibleDescription(/email/i);
  await expect(gil.getByLabel("Email")).toBeFocused();
  await expectAccessible(page);
  await gil.getByLabel("Email").fill("gil@family.test");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary")).toContainText("gil@family.test");
  await expect(dialog).toHaveCount(0);
});

test("the client's time zone is found by typing, with the keyboard alone", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  const zone = page.getByRole("combobox", { name: "Client’s time zone" });
  await zone.focus();
  await page.keyboard.type("halifax");
  await expect(page.getByRole("option", { name: "America/Halifax" })).toBeVisible();
  await expect(zone).toHaveAttribute("aria-activedescendant", /.+/);
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(zone).toHaveValue("America/Halifax");
  await expect(zone).toHaveAttribute("aria-expanded", "false");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary")).toContainText("Halifax time");
});

test("what is no time zone is put back", async ({ open, page, server }) => {
  const client = await server.client({ time_zone: "Europe/Paris" });
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  const zone = page.getByRole("combobox", { name: "Client’s time zone" });
  await zone.fill("Atlantis");
  await expect(page.getByText("No such time zone").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: /Edit/ })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(zone).toHaveValue("Europe/Paris");
});

test("a change that someone else made meanwhile is shown, and mine is applied on top", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: /Edit/ });
  await dialog.getByLabel("First name").fill("Kimberley");
  const body = { last_name: `${client.last_name}-Grove` };
  good(await server.as(ADA).PATCH("/v1/clients/{id}", { params: { path: { id: client.id } }, body }));
  await dialog.getByRole("button", { name: "Save", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText(`Last name: ${client.last_name} → ${client.last_name}-Grove`);
  await expect(dialog.getByLabel("First name")).toHaveValue("Kimberley");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save my changes too" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Kimberley ${client.last_name}-Grove` })).toBeVisible();
});

test("what was typed is not thrown away without being asked", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("First name").fill("Kimberley");
  await page.keyboard.press("Escape");
  const asks = page.getByRole("dialog", { name: "Discard what you typed?" });
  await asks.getByRole("button", { name: "Keep editing" }).click();
  await expect(page.getByLabel("First name")).toHaveValue("Kimberley");
  await page.keyboard.press("Escape");
  await asks.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Edit" })).toBeFocused();
});

test("Escape, pressed again and again, does not take away what was typed", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("First name").fill("Kimberley");
  // Chromium asks a page only once whether a dialog may be closed, until someone clicks again.
  for (const _ of [1, 2, 3, 4, 5]) await page.keyboard.press("Escape");
  await expect(page.locator("dialog[open]").first()).toBeVisible();
  const asks = page.getByRole("dialog", { name: "Discard what you typed?" });
  if (await asks.isVisible()) await asks.getByRole("button", { name: "Keep editing" }).click();
  await expect(page.getByLabel("First name")).toBeVisible();
  await expect(page.getByLabel("First name")).toHaveValue("Kimberley");
});

test("P1: a practitioner is assigned and unassigned, and that can be undone", async ({ open, page, server }) => {
  const client = await server.client({ practitioner_ids: [] });
  await open(`/clients/${client.id}`);
  await expect(page.getByText("Nobody treats this client yet")).toBeVisible();
  await page.getByLabel("Assign a practitioner").selectOption({ label: "Ben Bellamy" });
  await page.getByRole("button", { name: "Assign", exact: true }).click();
  await expect(page.getByText("Nobody treats this client yet")).toHaveCount(0);
  await page.getByRole("button", { name: "Unassign Ben Bellamy" }).click();
  await expect(page.getByText("Nobody treats this client yet")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(page.getByRole("button", { name: "Unassign Ben Bellamy" })).toBeVisible();
});

test("practitioners do not take themselves off", async ({ open, page, server }) => {
  const client = await server.client({}, BEN);
  await open(`/clients/${client.id}`, BEN);
  await expect(page.getByRole("complementary")).toContainText("Ben Bellamy");
  await expect(page.getByRole("button", { name: "Unassign Ben Bellamy" })).toHaveCount(0);
});

test("a client is deactivated after a question, and activated again", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "More about this client" }).click();
  await page.getByRole("menuitem", { name: "Deactivate…" }).click();
  await expect(page.getByRole("dialog", { name: `Deactivate ${full(client)}?` })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Deactivate", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Deactivated");
  await expect(page.getByRole("button", { name: "Schedule session" }).first()).toBeDisabled();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText("Deactivated");
});

test("whom one may not see is not there", async ({ open, page, server }) => {
  const client = await server.client();
  await open(`/clients/${client.id}`, BEN);
  await expect(page.getByRole("heading", { name: "There is no such client" })).toBeVisible();
  await expectAccessible(page);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });
  test("the page and its editor fit", async ({ open, page, server }) => {
    const client = await server.client({ contacts: [GIL] });
    await server.session(client);
    await open(`/clients/${client.id}`);
    await expect(page.getByRole("button", { name: /^Details of/ })).toBeVisible();
    await page.getByRole("button", { name: /^Details of/ }).click();
    await expectFits(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Edit" }).click();
    await expectFits(page);
    await expectAccessible(page);
  });
});

test("who was invited to a series is said to have got its mail at each of its sessions", async ({ open, page, server }) => {
  const client = await server.client({ contacts: [{ name: "Gil Guardian", kind: "guardian", email: "gil@family.test" }] });
  const local_start = await server.freeStart();
  const body = { clients: [{ client_id: client.id }], local_start, invite: { send: true }, recurrence: { rule: "FREQ=WEEKLY;COUNT=2", on_conflict: "keep" } };
  const last = good(await server.as(ADA).POST("/v1/series", { body })).sessions.at(-1);
  const delivery = async () => good(await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: last?.session_id ?? "" } } })).recipients[0]?.delivery?.state;
  await expect.poll(delivery).toBe("sent");
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: /^Details/ }).last().click();
  await expect(page.getByText("Sent", { exact: true })).toBeVisible();
  await expect(page.getByText("Nothing sent yet")).toHaveCount(0);
});

test("a mail is read before and after it goes out, without the recipient’s own link", async ({ open, page, server }) => {
  const client = await server.client({ contacts: [{ name: "Gil Guardian", kind: "guardian", email: "gil@family.test" }], reminder_channels: ["email"] });
  await server.session(client, { invite: { send: true }, reminders: [{ days_before: 2, channel: "email" }] });
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: /^Details/ }).click();
  await page.getByRole("button", { name: "Preview the mail to Gil Guardian" }).click();
  const dialog = page.getByRole("dialog", { name: "Mail to Gil Guardian" });
  await expect(dialog.getByRole("definition").filter({ hasText: "session with Harbour Clinic" })).toBeVisible();
  await expect(dialog.getByRole("region", { name: "What it says" })).toContainText("only-in-the-mail-itself");
  await expect(dialog).toContainText("With an entry for their calendar");
  await expectAccessible(page);
  await dialog.getByRole("tab", { name: "Reminder" }).click();
  await expect(dialog.getByRole("definition").filter({ hasText: "Reminder: session with Harbour Clinic" })).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(dialog.getByRole("definition").filter({ hasText: "Cancelled: session with Harbour Clinic" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Preview the mail to Gil Guardian" })).toBeFocused();
});

test("of many sessions the next are shown at once, and more on demand", async ({ open, page, server }) => {
  const client = await server.client();
  const body = { clients: [{ client_id: client.id }], local_start: await server.freeStart(), recurrence: { rule: "FREQ=DAILY;COUNT=105", on_conflict: "keep" } };
  const { sessions } = good(await server.as(ADA).POST("/v1/series", { body }));
  expect(sessions).toHaveLength(105);
  await open(`/clients/${client.id}`);
  const details = page.getByRole("button", { name: /^Details of/ });
  await expect(page.getByRole("tab", { name: "Coming (100+)" })).toBeVisible();
  await expect(details).toHaveCount(10);
  for (let shown = 20; shown <= 100; shown += 10) {
    await page.getByRole("button", { name: "Show more" }).click();
    await expect(details).toHaveCount(shown);
  }
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(page.getByRole("tab", { name: "Coming (105)" })).toBeVisible();
  await expect(details).toHaveCount(105);
  await expect(page.getByRole("button", { name: "Show more" })).toHaveCount(0);
});
