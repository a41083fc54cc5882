import { ADA, BEN, expect, expectAccessible, expectFits, FAY, good, test } from "./fixtures.js";
import { at, dayOf, plusDays, wall, wallAt } from "../src/time/wall.js";

const card = (page: import("@playwright/test").Page, name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });
const full = (client: { first_name?: string | null; last_name?: string | null }) => `${client.first_name} ${client.last_name}`;
/** Searches for a name until the cards are those that were found: a click meets none that is about to move. */
async function find(page: import("@playwright/test").Page, name: string) {
  const answered = page.waitForResponse((response) => new URL(response.url()).searchParams.get("search") === name);
  await page.getByRole("searchbox", { name: "Search" }).fill(name);
  await answered;
  await expect(page.getByText(/^\d+( or more)? found$/)).toBeVisible();
}

/** In minutes. Cards tell of the next three months. */
const TWO_WEEKS = 14 * 24 * 60;

test("a practitioner sees the clients that are assigned to them, and no others", async ({ open, page }) => {
  await open("/", BEN);
  await expect(page.getByRole("heading", { name: "My clients" })).toBeVisible();
  await expect(card(page, "Luc Laurent")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Eve Ennis" })).toHaveCount(0);
});

test("front desk sees everyone and may narrow it to one practitioner's", async ({ open, page, server }) => {
  const client = await server.client({ practitioner_ids: [] }, FAY);
  await open("/", FAY);
  await find(page, client.last_name ?? "");
  await expect(card(page, full(client))).toBeVisible();
  await page.getByLabel("Whose clients").selectOption({ label: "Clients of Ben Bellamy" });
  await expect(page.getByText("begins with")).toBeVisible();
});

test("a search finds by the beginning of the first or the last name", async ({ open, page, server }) => {
  const client = await server.client(server.name("Quentin"));
  await open("/");
  const search = page.getByRole("searchbox", { name: "Search" });
  await search.fill("quen");
  await expect(card(page, full(client))).toBeVisible();
  await search.fill((client.last_name ?? "").slice(0, -1).toLowerCase());
  await expect(card(page, full(client))).toBeVisible();
  await search.fill("nobody is called so");
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(search).toHaveValue("");
});

test("cards or table: the choice is remembered", async ({ open, page }) => {
  await open("/");
  await expect(page.getByRole("list", { name: "Clients" })).toBeVisible();
  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("table")).toBeVisible();
  await expect(page.getByRole("button", { name: "Table" })).toHaveAttribute("aria-pressed", "true");
});

test("a card shows the next session by the clock of the clinic and names its zone", async ({ open, page, server }) => {
  const client = await server.client();
  const inTwoWeeks = plusDays(dayOf(wallAt(await server.now(), "America/Vancouver")), 14);
  const session = await server.session(client, { local_start: at(inTwoWeeks, 10 * 60) });
  await open("/");
  await find(page, client.last_name ?? "");
  const theirs = card(page, full(client));
  await expect(theirs).toContainText("10:00 AM");
  await expect(theirs).toContainText("Vancouver time");
  await expect(theirs).toContainText(String(Number(session.local_start.slice(8, 10))));
  await expect(theirs).toContainText("Scheduled");
});

test("a card warns of what needs a person", async ({ open, page, server }) => {
  const nobody = await server.client({ practitioner_ids: [] });
  const open_ = await server.client({ contacts: [{ kind: "guardian", name: "Gil", email: "gil@family.test" }] });
  await server.sessionIn(2, open_, { length_minutes: 5 });
  await server.advance("PT15M");
  await open("/");
  await page.getByLabel("Whose clients").selectOption({ label: "All clients" });
  await find(page, nobody.last_name ?? "");
  await expect(card(page, full(nobody))).toContainText("Unassigned");
  await expect(card(page, full(nobody))).toContainText("No email for invites");
  await find(page, open_.last_name ?? "");
  await expect(card(page, full(open_))).toContainText("Outcome missing");
  await expect(card(page, full(open_))).not.toContainText("No email for invites");
  await expectAccessible(page);
});

test("a card says that mail does not reach a recipient, also while it is looked at again", async ({ open, page, server }) => {
  const client = await server.client();
  const gone = { name: "Gil Grove", email: "bounce+gil@simulator.amazonses.com" };
  const session = await server.sessionIn(TWO_WEEKS, client, { invite: { send: true, recipients: [gone] } });
  await expect(async () => {
    const { data } = await server.as(ADA).GET("/v1/sessions/{id}", { params: { path: { id: session.id } } });
    expect(data?.recipients[0]?.delivery?.state).toBe("undeliverable");
  }).toPass();
  await open("/");
  const search = page.getByRole("searchbox", { name: "Search" });
  await search.fill(client.last_name ?? "");
  const warning = card(page, full(client)).getByRole("link", { name: `Mail does not reach ${gone.email}` });
  await expect(warning).toBeVisible();
  let come = () => {};
  const held = new Promise<void>((resolve) => (come = resolve));
  await page.route(`**/v1/sessions/${session.id}`, async (route) => {
    await held;
    await route.continue();
  });
  const again = page.waitForRequest(`**/v1/sessions/${session.id}`);
  await search.fill((client.last_name ?? "").toLowerCase());
  await again;
  expect(await warning.count()).toBe(1);
  come();
});

test("who cannot be invited is known from the list alone", async ({ open, page, server }) => {
  const client = await server.client();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await open("/");
  await find(page, client.last_name ?? "");
  await expect(card(page, full(client)).getByRole("link", { name: "No email for invites" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2 })).toHaveCount(1);
  expect(asked.filter((path) => path.startsWith("/v1/clients/"))).toEqual([]);
});

test("a warning leads to where it is mended", async ({ open, page, server }) => {
  const client = await server.client();
  await open("/");
  await find(page, client.last_name ?? "");
  await card(page, full(client)).getByRole("link", { name: "No email for invites" }).click();
  await expect(page.getByRole("dialog", { name: `Edit ${full(client)}` })).toBeVisible();
});

test("of many outcomes that are missing a card names some and leads to the others", async ({ open, page, server }) => {
  const client = await server.client();
  for (let minute = 2; minute <= 6; minute++) await server.sessionIn(minute, client, { length_minutes: 1 });
  await server.advance("PT15M");
  await open("/");
  await find(page, client.last_name ?? "");
  const theirs = card(page, full(client));
  await expect(theirs.getByRole("button", { name: /^Outcome missing/ })).toHaveCount(3);
  await theirs.getByRole("link", { name: "2 more without outcome" }).click();
  await expect(page.getByRole("tab", { name: "Past (5)" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("tabpanel").getByText("Outcome missing")).toHaveCount(5);
});

test("P2: a session is scheduled from the card and from the row", async ({ open, page, server }) => {
  const client = await server.client();
  await open("/");
  await find(page, client.last_name ?? "");
  const schedule = page.getByRole("button", { name: `Schedule session with ${full(client)}` });
  await schedule.click();
  await expect(page.getByRole("dialog")).toContainText(full(client));
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(schedule).toBeFocused();
  await page.getByRole("button", { name: "Table" }).click();
  await page.getByRole("row", { name: new RegExp(full(client)) }).getByRole("button", { name: /Schedule session/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("P12: once a session is due, its card offers to cancel it", async ({ open, page, server }) => {
  const [due, later] = [await server.client(), await server.client()];
  await server.sessionIn(5, due);
  await server.sessionIn(TWO_WEEKS, later);
  await open("/");
  await find(page, later.last_name ?? "");
  await expect(card(page, full(later))).toContainText("Scheduled");
  await expect(card(page, full(later)).getByRole("button", { name: /Cancel session/ })).toHaveCount(0);
  await find(page, due.last_name ?? "");
  await expect(card(page, full(due))).toContainText("Due");
  await card(page, full(due)).getByRole("button", { name: `Cancel session with ${full(due)}` }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("N1: n opens a new session, but not while one types", async ({ open, page }) => {
  await open("/");
  await expect(page.getByRole("list", { name: "Clients" })).toBeVisible();
  await page.getByRole("searchbox", { name: "Search" }).pressSequentially("n");
  await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue("n");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Search" }).fill("");
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog")).toBeVisible();
});

test("the shortcut can be turned off", async ({ open, page }) => {
  await open("/");
  await page.getByRole("button", { name: /Ada Adair/ }).click();
  await page.getByRole("menuitemcheckbox", { name: "Press n for a new session" }).click();
  await page.keyboard.press("n");
  await page.getByRole("button", { name: /Ada Adair/ }).click();
  await expect(page.getByRole("menuitemcheckbox", { name: "Press n for a new session" })).not.toBeChecked();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("a client is added with a name alone", async ({ open, page, server }) => {
  const { first_name, last_name } = server.name("Robin");
  await open("/");
  await page.getByRole("button", { name: "Add client" }).click();
  const dialog = page.getByRole("dialog", { name: "Add client" });
  await dialog.getByRole("button", { name: "Add client" }).click();
  await expect(dialog.getByLabel("First name")).toHaveAccessibleDescription(/first or a last name/);
  await expect(dialog.getByLabel("First name")).toBeFocused();
  await dialog.getByLabel("First name").fill(first_name);
  await dialog.getByLabel("Last name").fill(last_name);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add client" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `${first_name} ${last_name}` })).toBeVisible();
  await expect(page.getByText("was added")).not.toHaveCount(0);
});

test("without a connection the page says so and tries again", async ({ open, page }) => {
  let broken = true;
  await page.route("**/v1/clients?**", (route) => (broken ? route.abort() : route.fallback()));
  await open("/");
  await expect(page.getByRole("alert")).toContainText("No connection");
  await expectAccessible(page);
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(card(page, "Eve Ennis")).toBeVisible();
});

test("axe has nothing to say about cards, table and inbox", async ({ open, page }) => {
  await open("/");
  await expect(card(page, "Eve Ennis")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("table")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: /^Inbox/ }).click();
  await expect(page.getByText("Nothing waits for you")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeFocused();
  await expectAccessible(page);
});

test("the inbox tells of a series that ends and of a place that could not be booked, until someone has seen to it", async ({ open, page, server }) => {
  const client = await server.client();
  const tomorrow = plusDays(dayOf(wallAt(await server.now(), "America/Vancouver")), 1);
  const book = async (rule: string, hour: number) => {
    const body = { clients: [{ client_id: client.id }], local_start: at(tomorrow, hour * 60), recurrence: { rule, on_conflict: "stop" } };
    return good(await server.as(ADA).POST("/v1/series", { body }));
  };
  // Sessions are made 53 weeks ahead: the next one within eight days, and its time is taken by then. Of an end one is told four weeks before.
  const endless = await book("FREQ=WEEKLY", 4);
  await server.session(client, { local_start: at(plusDays(dayOf(wall(endless.made_until ?? "")), 7), 4 * 60) });
  await book("FREQ=WEEKLY;COUNT=5", 5);
  await server.advance("P9D");

  await open("/inbox");
  // Series of other tests end as well.
  const mine = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: full(client), exact: true }) });
  const taken = mine.filter({ hasText: "A session of a series could not be booked" });
  const ends = mine.filter({ hasText: "A series ends soon" });
  await expect(taken).toBeVisible();
  await expect(ends).toBeVisible();
  await expectAccessible(page);
  await taken.getByRole("button", { name: "Done" }).click();
  await expect(taken).toHaveCount(0);
  await expect(ends).toBeVisible();
  await page.getByRole("tab", { name: "Done" }).click();
  await expect(taken).toContainText("Done by Ada Adair");
  await expectAccessible(page);

  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /^Inbox: \d+ items? waits?$/ })).toBeVisible();
  await expectAccessible(page);
  await expectFits(page);
});

test("who was deactivated is found, and is active again", async ({ open, page, server }) => {
  const [gone, here] = [await server.client(), await server.client()];
  good(await server.as(ADA).PATCH("/v1/clients/{id}", { params: { path: { id: gone.id }, header: { "If-Match": `"${gone.revision}"` } }, body: { active: false } }));
  await open("/");
  await page.getByLabel("Whose clients").selectOption({ label: "Deactivated" });
  await expect(card(page, full(gone))).toContainText("Deactivated");
  await expect(card(page, full(here))).toHaveCount(0);
  // Nothing can be scheduled for them.
  await expect(card(page, full(gone)).getByRole("button")).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("link", { name: full(gone) }).click();
  await page.getByRole("button", { name: "More about this client" }).click();
  await page.getByRole("menuitem", { name: "Activate again" }).click();
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("is active again");
  await page.goBack();
  await expect(page.getByLabel("Whose clients")).toHaveValue("deactivated");
  await expect(card(page, full(gone))).toHaveCount(0);
});

test("the deactivated are looked for through page after page, and the rest are a button away", async ({ open, page }) => {
  const client = (id: string, active: boolean) => ({ id, active, first_name: id, last_name: "", practitioner_ids: [] });
  const pages: Record<string, unknown> = {
    "": { items: [client("Ann", true)], next_cursor: "two" },
    two: { items: [client("Bob", true), client("Cid", false)], next_cursor: "three" },
    three: { items: [client("Dot", false)], next_cursor: null },
  };
  await page.route("**/v1/clients?*include_inactive=true*", (route) => route.fulfill({ json: pages[new URL(route.request().url()).searchParams.get("cursor") ?? ""] }));
  await open("/");
  await page.getByLabel("Whose clients").selectOption({ label: "Deactivated" });
  await expect(page.getByRole("list", { name: "Clients" }).getByRole("heading")).toHaveText(["Cid"]);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(page.getByRole("list", { name: "Clients" }).getByRole("heading")).toHaveText(["Cid", "Dot"]);
  await expect(page.getByRole("button", { name: "Show more" })).toHaveCount(0);
});

test("a very long name leaves room for the rest of the table", async ({ open, page, server }) => {
  const { last_name } = server.name("Kim");
  const client = await server.client({ first_name: "x".repeat(100), last_name });
  await open("/");
  await page.getByRole("button", { name: "Table" }).click();
  await find(page, last_name);
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("button", { name: `Schedule session with ${full(client)}` })).toBeInViewport({ ratio: 1 });
});

test("a link that was cut off leads to a page that says so", async ({ open, page }) => {
  await open("/clients/cli_%C3");
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });
  test("everything fits, and the bar is at the bottom", async ({ open, page }) => {
    await open("/");
    await expect(card(page, "Eve Ennis")).toBeVisible();
    await expectFits(page);
    await page.getByRole("button", { name: "Table" }).click();
    await expect(page.getByRole("table")).toBeVisible();
    await expectFits(page);
    await expectAccessible(page);
    await page.getByRole("navigation", { name: "Main" }).getByRole("button", { name: "New session" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  });
});

test("what was typed in one tab appears in the other", async ({ open, page, server }) => {
  const client = await server.client();
  await open("/");
  await find(page, client.last_name ?? "");
  await expect(card(page, full(client))).toContainText("No session");
  await server.sessionIn(TWO_WEEKS, client);
  await expect(card(page, full(client))).toContainText("Scheduled", { timeout: 25_000 });
});

test("who works in several practices chooses one, and every request names it", async ({ open, page, server }) => {
  const { items } = (await server.as(ADA).GET("/v1/memberships")).data ?? { items: [] };
  const other = { ...items[0], practice_id: "prc_01m834tdj17xbq88fgvfdwhnsz", name: "Hill Clinic" };
  await page.route("**/v1/memberships", (route) => route.fulfill({ json: { items: [...items, other] } }));
  await open("/");
  await page.getByRole("button", { name: /Harbour Clinic/ }).click();
  await expect(page.getByRole("menuitemradio", { name: "Harbour Clinic" })).toBeChecked();
  await expectAccessible(page);
  const asked = page.waitForRequest((request) => request.headers()["hourkeep-practice"] === other.practice_id);
  await page.getByRole("menuitemradio", { name: "Hill Clinic" }).click();
  await asked;
  // The server knows of no such membership, and says so.
  await expect(page.getByRole("alert")).toBeVisible();
});

test("the page says when the connection is gone", async ({ context, open, page }) => {
  await open("/");
  await expect(card(page, "Eve Ennis")).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  await expectAccessible(page);
  await context.setOffline(false);
  await expect(page.getByText("You are offline")).toHaveCount(0);
});

test("the skip link leads past the bar", async ({ open, page }) => {
  await open("/", ADA);
  await expect(card(page, "Eve Ennis")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the page" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("main")).toBeFocused();
});
