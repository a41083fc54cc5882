import { ADA, expect, expectAccessible, signedIn, test } from "./fixtures.js";

test("whoever is not signed in picks who they are and is back where they wanted to be", async ({ page }) => {
  await page.goto("/app/inbox");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/local/authorize?**");
  const asked = new URL(page.url()).searchParams;
  expect(asked.get("response_type")).toBe("code");
  expect(asked.get("code_challenge_method")).toBe("S256");
  expect(asked.get("code_challenge")).toHaveLength(43);
  await page.getByRole("button", { name: /Ada Adair/ }).click();
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe("/app/inbox");
  expect(page.url()).not.toContain("code=");
});

test("a way back from a sign-in that was not begun here is refused", async ({ page }) => {
  await page.goto("/app/signed-in?code=stolen&state=guessed");
  await expect(page.getByRole("alert")).toContainText("was not begun here");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expectAccessible(page);
});

test("a token that no longer holds when the app starts leads to the sign-in page", async ({ page }) => {
  await page.addInitScript(() => sessionStorage.setItem("hourkeep.signed-in", JSON.stringify({ access_token: "old", subject: "ada@demo.test" })));
  await page.goto("/app/");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("signing out forgets who was signed in", async ({ open, page }) => {
  await open("/");
  await page.getByRole("button", { name: /Ada Adair/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/local/oauth"));
  await page.goto("/app/");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

/** From now on the token of someone no longer holds, as after its hour is over. */
async function endSession(page: import("@playwright/test").Page, ended: string) {
  await page.route("**/v1/**", async (route) => {
    if (route.request().headers()["authorization"] !== `Bearer ${ended}`) return route.fallback();
    const problem = { type: "/problems/unauthenticated", title: "Sign in first", status: 401, detail: "The token has expired. Sign in again." };
    return route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify(problem) });
  });
}

test("a session that times out keeps what was typed, and goes on after a new sign-in", async ({ page, server }) => {
  const client = await server.client();
  // A token of this page's own: the server's fixtures keep theirs.
  await signedIn(page, server, ADA);
  await page.goto(`/app/clients/${client.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("First name").fill("Kimberley");
  await endSession(page, await server.token(ADA));
  await page.getByRole("button", { name: "Save", exact: true }).click();

  const ended = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(ended).toContainText("What you typed is still here");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(ended).toBeVisible();

  // The new token is another one only if its second is: the one that ended must not be issued again.
  await expect(async () => expect(await issued(server.api)).not.toBe(await server.token(ADA))).toPass();
  const opened = page.waitForEvent("popup");
  await ended.getByRole("button", { name: "Sign in again" }).click();
  const popup = await opened;
  await popup.getByRole("button", { name: /Ada Adair/ }).click();

  await expect(ended).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: /Kimberley/ })).toBeVisible();
  expect(popup.isClosed()).toBe(true);
});

async function issued(api: string): Promise<string> {
  const answer = await fetch(`${api}/local/token`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ as: ADA }) });
  return ((await answer.json()) as { access_token: string }).access_token;
}

test("where the browser blocks the window, one may sign in on the page and is told what that costs", async ({ open, page, server }) => {
  const client = await server.client();
  await page.addInitScript(() => (window.open = () => null));
  await open(`/clients/${client.id}`);
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("First name").fill("Kimberley");
  await endSession(page, await server.token(ADA));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const ended = page.getByRole("dialog", { name: "Your session has ended" });
  await ended.getByRole("button", { name: "Sign in again" }).click();
  await expect(ended.getByRole("alert")).toContainText("what you typed and did not save is lost");
  await expect(ended.getByRole("button", { name: "Sign in on this page" })).toBeVisible();
  await ended.getByRole("button", { name: "Not now" }).click();
  await expect(page.getByLabel("First name")).toHaveValue("Kimberley");
});
