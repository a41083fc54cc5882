import { createHourkeep, type Hourkeep, type Schemas } from "@hourkeep/client";
import { test as base, expect, type Page } from "@playwright/test";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const DIST = path("../dist");
const BINARY = process.env["HOURKEEP_BIN"] ?? path("../../../target/debug/hourkeep");
const AXE = readFileSync(path("../node_modules/axe-core/axe.min.js"), "utf8");
/** When the clock of every server begins, whatever day it is: the tests name days of the two years that follow. */
const BEGINS = "2026-11-23T17:00:00Z";
const AHEAD = 900;

export const ADA = "ada@demo.test";
export const BEN = "ben@demo.test";
export const FAY = "fay@demo.test";

/** A server with a practice of its own, in memory, for one worker. */
export class Server {
  private numbers = 0;
  private days = 0;
  private signed = new Map<string, string>();

  constructor(
    /** Where it answers, and serves the app. */
    readonly api: string,
  ) {}

  async token(email: string): Promise<string> {
    const known = this.signed.get(email);
    if (known) return known;
    const answer = await this.post("/local/token", { as: email });
    const { access_token } = (await answer.json()) as { access_token: string };
    this.signed.set(email, access_token);
    return access_token;
  }

  /** The API, as someone. */
  as(email: string): Hourkeep {
    return createHourkeep({ baseUrl: this.api, token: () => this.token(email) });
  }

  async now(): Promise<Date> {
    const answer = await fetch(`${this.api}/local/clock`);
    return new Date(((await answer.json()) as { now: string }).now);
  }

  /** Moves the clock on, such as `PT1H`. It never goes back. */
  async advance(duration: string): Promise<void> {
    const answer = await this.post("/local/clock", { advance: duration });
    expect(answer.ok, await answer.text()).toBe(true);
  }

  /** A name that no other test has. It comes after those of the demo, which so stay on the first page of every list. */
  name(first: string): { first_name: string; last_name: string } {
    return { first_name: first, last_name: `${["Zinnia", "Zorn", "Zulu", "Zwick", "Zyla", "Zypern"][this.numbers % 6]}${letters(++this.numbers)}` };
  }

  /** Ten in the morning of a day beyond those that tests name. All that day Ada has nothing, nor on that weekday in the seven weeks after. */
  async freeStart(): Promise<string> {
    const meeting = good(await this.as(ADA).GET("/v1/event-types")).items.find((type) => type.category === "team" && type.busy && type.active);
    if (!meeting) throw new Error("no type of meeting is active");
    for (;;) {
      const day = new Date((await this.now()).getTime() + (AHEAD + ++this.days) * 86_400_000).toISOString().slice(0, 10);
      const all = { clients: [], event_type_id: meeting.id, local_start: `${day}T00:15`, length_minutes: 23 * 60 };
      const body: Schemas["SeriesBody"] = { ...all, recurrence: { rule: "FREQ=WEEKLY;COUNT=8", on_conflict: "skip" } };
      const { occurrences } = good(await this.as(ADA).POST("/v1/series/preview", { body }));
      if (occurrences.every(({ conflicts }) => conflicts.every(({ clash }) => !clash))) return `${day}T10:00`;
    }
  }

  /** A client of whoever adds them, if that is a practitioner. */
  async client(wish: Partial<Schemas["NewClientBody"]> = {}, as = ADA): Promise<Schemas["Client"]> {
    const me = good(await this.as(as).GET("/v1/memberships")).items[0]?.practitioner_id;
    const practitioner_ids = me ? [me] : [];
    return good(await this.as(as).POST("/v1/clients", { body: { ...this.name("Kim"), contacts: [], practitioner_ids, ...wish } }));
  }

  async session(client: Schemas["Client"], wish: Partial<Schemas["ScheduleBody"]> = {}, as = ADA): Promise<Schemas["Session"]> {
    const local_start = wish.local_start ?? (await this.freeStart());
    const body = { clients: [{ client_id: client.id }], allow_overlap: true, ...wish, local_start } as Schemas["ScheduleBody"];
    return good(await this.as(as).POST("/v1/sessions", { body }));
  }

  /** A session that starts so many minutes from now. */
  async sessionIn(minutes: number, client: Schemas["Client"], wish: Partial<Schemas["ScheduleBody"]> = {}): Promise<Schemas["Session"]> {
    const start = new Date((await this.now()).getTime() + minutes * 60_000);
    return this.session(client, { local_start: start.toISOString().slice(0, 16), time_zone: "UTC", ...wish });
  }

  private post(to: string, body: unknown): Promise<Response> {
    return fetch(this.api + to, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  }
}

/** What a call answered, or the test fails with what was said. */
export function good<T>({ data, error }: { data?: T; error?: unknown }): T {
  expect(error).toBeUndefined();
  return data as T;
}

function letters(number: number): string {
  return number.toString(26).replace(/./g, (digit) => String.fromCharCode(97 + parseInt(digit, 26)));
}

async function start(): Promise<{ server: Server; stop: () => Promise<void> }> {
  const { HOURKEEP_BIN: _, ...rest } = process.env;
  const env = { ...rest, PORT: "0", HOURKEEP_DATA: "memory", HOURKEEP_APP: DIST, HOURKEEP_NOW: BEGINS };
  const child = spawn(BINARY, { env, stdio: ["ignore", "pipe", "inherit"] });
  const stopped = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const api = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${BINARY} ended with ${code}`)));
    createInterface(child.stdout).on("line", (line) => {
      const ready = /^ready (http:\/\/\S+)/.exec(line);
      if (ready?.[1]) resolve(ready[1]);
    });
  });
  return {
    server: new Server(api),
    stop: async () => {
      child.kill("SIGTERM");
      await stopped;
    },
  };
}

export const test = base.extend<
  { /** Signs someone in and opens a page of the app. */ open: (path: string, as?: string) => Promise<void> },
  { server: Server }
>({
  server: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const { server, stop } = await start();
      await use(server);
      await stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  baseURL: async ({ server }, use) => use(server.api),
  open: async ({ page, server }, use) => {
    await use(async (to, as = ADA) => {
      await signedIn(page, server, as);
      await page.goto(`/app${to}`);
    });
  },
});

/** As if someone had signed in: the flow itself is tested in signin.spec.ts. */
export async function signedIn(page: Page, server: Server, as: string): Promise<void> {
  const access_token = await server.token(as);
  await page.addInitScript(
    (tokens) => {
      // Once: what the app does with it later, such as forgetting it, holds.
      if (window.name === "signed in") return;
      window.name = "signed in";
      sessionStorage.setItem("hourkeep.signed-in", JSON.stringify(tokens));
    },
    { access_token, subject: as },
  );
}

/** axe finds nothing to say about the page as it stands, light or dark. */
export async function expectAccessible(page: Page): Promise<void> {
  // It is the same in every zone: once is enough.
  const { project, config } = test.info();
  if (project.name !== config.projects[0]?.name) return;
  // A page that has not come yet has nothing to say, and no heading.
  await expect(page.locator("h1").first()).toBeAttached();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(AXE);
    const found = await page.evaluate(async () => {
      const axe = (window as unknown as { axe: { run: (options: unknown) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }> } }).axe;
      const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} (${node.failureSummary ?? ""})`).join(" | ")}`);
    });
    expect(found, `axe, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Nothing sticks out at the side. */
export async function expectFits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
}

export { expect };
