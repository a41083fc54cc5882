import type { Page } from "@playwright/test";
import { ADA, BEN, expect, expectAccessible, good, test, type Server } from "./fixtures.js";

const absences = (page: Page, name: string) => page.getByRole("region", { name: `Absences of ${name}` });
const holidays = (page: Page) => page.getByRole("region", { name: "Holidays of Harbour Clinic" });

/** A day so many days from now. */
async function inDays(server: Server, days: number): Promise<string> {
  return new Date((await server.now()).getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

let made = 0;

/** Someone of one's own, who works from nine to five on every day. */
async function practitioner(server: Server) {
  const weekly_hours = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((weekday) => ({ weekday, from: "09:00", until: "17:00" }));
  const body = { name: `Hana Hours ${++made}`, email: "hana@demo.test", time_zone: "America/Vancouver", weekly_hours };
  return good(await server.as(ADA).POST("/v1/practitioners", { body }));
}

test("an absence is added, says what stands in its days, and can be taken back", async ({ open, page, server }) => {
  const one = await practitioner(server);
  const [first, last] = [await inDays(server, 5), await inDays(server, 7)];
  await server.session(await server.client({ practitioner_ids: [one.id] }), { practitioner_id: one.id, local_start: `${last}T10:00`, time_zone: "America/Vancouver" });
  await open("/settings/hours");
  await page.getByLabel("Practitioner").selectOption(one.name);
  const card = absences(page, one.name);
  await expect(card).toContainText("None are coming.");
  await card.getByRole("button", { name: "Add an absence" }).click();
  await expect(card.getByLabel("First day")).toBeFocused();
  await card.getByLabel("First day").fill(first);
  await card.getByLabel("First day").blur();
  await expect(card.getByLabel("Last day")).toHaveValue(first);
  await expect(card).not.toContainText("will stay");
  await card.getByLabel("Last day").fill(last);
  await expect(card.getByRole("status")).toHaveText("1 appointment stands in these days and will stay: move or cancel it in the calendar.");
  await card.getByLabel("What it is").fill("Conference");
  await expectAccessible(page);
  await card.getByRole("button", { name: "Add", exact: true }).click();
  await expect(card.getByRole("list")).toContainText("Conference · off");
  const kept = async () => good(await server.as(ADA).GET("/v1/practitioners/{id}", { params: { path: { id: one.id } } })).exceptions;
  expect(await kept()).toEqual([{ first_day: first, last_day: last, hours: [], name: "Conference" }]);
  await card.getByRole("button", { name: "Remove Conference" }).click();
  await expect(card).toContainText("None are coming.");
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(card.getByRole("list")).toContainText("Conference");
  await expect.poll(kept).toHaveLength(1);
  for (const view of ["week", "month", "list"]) {
    await open(`/calendar?view=${view}&date=${first}&people=${one.id}`);
    await expect(page.getByText("Conference, ")).toBeVisible();
  }
});

test("days that overlap others or end before they begin are refused next to them, and nothing typed is lost", async ({ open, page, server }) => {
  const one = await practitioner(server);
  const [first, last] = [await inDays(server, 10), await inDays(server, 12)];
  good(await server.as(ADA).PATCH("/v1/practitioners/{id}", { params: { path: { id: one.id } }, body: { exceptions: [{ first_day: first, last_day: last, name: "Leave" }] } }));
  await open("/settings/hours");
  await page.getByLabel("Practitioner").selectOption(one.name);
  const card = absences(page, one.name);
  await card.getByRole("button", { name: "Add an absence" }).click();
  await card.getByRole("button", { name: "Add", exact: true }).click();
  await expect(card.getByText("Choose the first day.")).toBeVisible();
  await card.getByLabel("First day").fill(last);
  await card.getByLabel("Last day").fill(first);
  await card.getByRole("button", { name: "Add", exact: true }).click();
  await expect(card.getByText("It has to be the first day or later.")).toBeVisible();
  await card.getByLabel("Last day").fill(last);
  await card.getByLabel("What it is").fill("Course");
  await card.getByRole("button", { name: "Add", exact: true }).click();
  await expect(card.getByText(/^Leave \(.*\) has some of these days already: remove it first\.$/)).toBeVisible();
  await expect(card.getByLabel("First day")).toBeFocused();
  await expect(card.getByLabel("What it is")).toHaveValue("Course");
});

test("hours typed above are saved after an absence was added below", async ({ open, page, server }) => {
  const one = await practitioner(server);
  await open("/settings/hours");
  await page.getByLabel("Practitioner").selectOption(one.name);
  await page.getByLabel("Monday, hours 1, from").fill("08:00");
  const card = absences(page, one.name);
  await card.getByRole("button", { name: "Add an absence" }).click();
  await card.getByLabel("First day").fill(await inDays(server, 3));
  await card.getByLabel("Last day").fill(await inDays(server, 3));
  await card.getByRole("checkbox", { name: "Off all day" }).uncheck();
  await card.getByLabel("Hours 1, until").fill("12:00");
  await card.getByRole("button", { name: "Add", exact: true }).click();
  await expect(card.getByRole("list")).toContainText("open 9:00 AM – 12:00 PM");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`The hours of ${one.name} are saved.`).first()).toBeVisible();
  const kept = good(await server.as(ADA).GET("/v1/practitioners/{id}", { params: { path: { id: one.id } } }));
  expect(kept.weekly_hours[0]).toEqual({ weekday: "mon", from: "08:00", until: "17:00" });
  expect(kept.exceptions[0]?.hours).toEqual([{ from: "09:00", until: "12:00" }]);
});

test("what two people add at the same time is both kept", async ({ open, page, server }) => {
  const one = await practitioner(server);
  await open("/settings/hours");
  await page.getByLabel("Practitioner").selectOption(one.name);
  const card = absences(page, one.name);
  await card.getByRole("button", { name: "Add an absence" }).click();
  const [theirs, mine] = [await inDays(server, 20), await inDays(server, 30)];
  good(await server.as(ADA).PATCH("/v1/practitioners/{id}", { params: { path: { id: one.id } }, body: { exceptions: [{ first_day: theirs, last_day: theirs, name: "Theirs" }] } }));
  await card.getByLabel("First day").fill(mine);
  await card.getByLabel("Last day").fill(mine);
  await card.getByLabel("What it is").fill("Mine");
  await card.getByRole("button", { name: "Add", exact: true }).click();
  await expect(card.getByRole("listitem")).toContainText(["Theirs", "Mine"]);
});

test("a holiday shades the day in the calendar", async ({ open, page, server }) => {
  const one = await practitioner(server);
  const date = await inDays(server, 40);
  const shaded = page.locator(".ec-bg-event");
  await open(`/calendar?view=day&date=${date}&people=${one.id}&zone=America/Vancouver`);
  await expect(shaded).toHaveCount(2);
  await open("/settings/hours");
  await holidays(page).getByRole("button", { name: "Add a holiday" }).click();
  await holidays(page).getByLabel("First day").fill(date);
  await holidays(page).getByLabel("Last day").fill(date);
  await holidays(page).getByLabel("What it is").fill("Founder’s day");
  await holidays(page).getByRole("button", { name: "Add", exact: true }).click();
  await expect(holidays(page).getByRole("list")).toContainText("Founder’s day · closed");
  await open(`/calendar?view=day&date=${date}&people=${one.id}&zone=America/Vancouver`);
  await expect(shaded).toHaveCount(1);
  await expect(page.getByText("Founder’s day, ")).toBeVisible();
});

test("practitioners add their own absences, and only see the practice’s holidays and those of others", async ({ open, page, server }) => {
  await open("/settings/hours", BEN);
  await expect(absences(page, "Ben Bellamy").getByRole("button", { name: "Add an absence" })).toBeVisible();
  await expect(holidays(page)).toContainText("Directors change them.");
  await expect(holidays(page).getByRole("button")).toHaveCount(0);
  const one = await practitioner(server);
  await page.reload();
  await page.getByLabel("Practitioner").selectOption(one.name);
  await expect(absences(page, one.name).getByRole("button")).toHaveCount(0);
});
