// How fast the calendar is with many entries: a week of 250 of ten practitioners, and the month of 1,000 around it. All of them are
// booked on a real server of its own, in memory.
//
//   HOURKEEP_BIN=target/release/hourkeep node scripts/measure.mjs [--write]
//
// Times are in milliseconds. --write puts them into docs/performance.md.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const BINARY = process.env.HOURKEEP_BIN ?? path("../../../target/release/hourkeep");
const PAGE = path("../../../docs/performance.md");
const [BEGIN, END] = ["<!-- make bench, pages: begin -->", "<!-- make bench, pages: end -->"];
// Four weeks from this Monday on: five days of five entries for each of ten.
const MONDAY = Date.UTC(2027, 1, 1);
const [WEEKS, DAYS, PEOPLE, A_DAY] = [4, 5, 10, 5];

async function start() {
  const { HOURKEEP_BIN: _, ...rest } = process.env;
  const env = { ...rest, PORT: "0", HOURKEEP_DATA: "memory", HOURKEEP_APP: path("../dist"), HOURKEEP_NOW: "2027-01-25T17:00:00Z" };
  const child = spawn(BINARY, { env, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface(child.stdout)) {
    const ready = /^ready (http:\/\/\S+)/.exec(line)?.[1];
    if (ready) return { address: ready, stop: () => child.kill("SIGTERM") };
  }
  throw new Error(`${BINARY} ended before it was ready`);
}

async function call(address, token, method, to, body) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(address + to, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${to}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Books it all: sessions and events in turn, an hour each from eight o'clock on. Answers whose calendars they are in. */
async function book(address, token) {
  const api = (method, to, body) => call(address, token, method, to, body);
  const types = (await api("GET", "/v1/event-types")).items;
  const people = [];
  for (let person = 0; person < PEOPLE; person += 1) {
    const { id } = await api("POST", "/v1/practitioners", { name: `Practitioner ${person + 1}`, email: `p${person}@demo.test`, time_zone: "America/Vancouver" });
    const client = await api("POST", "/v1/clients", { first_name: "Client", last_name: `${person + 1}`, practitioner_ids: [id] });
    people.push({ id, client: client.id });
  }
  const wishes = people.flatMap(({ id, client }, person) =>
    Array.from({ length: WEEKS * DAYS * A_DAY }, (_, index) => {
      const [day, hour] = [Math.floor(index / A_DAY), 8 + 2 * (index % A_DAY)];
      const date = new Date(MONDAY + (Math.floor(day / DAYS) * 7 + (day % DAYS)) * 86_400_000).toISOString().slice(0, 10);
      const type = types[(person + index) % types.length];
      const clients = ["client", "video"].includes(type.category) ? [{ client_id: client }] : [];
      return { practitioner_id: id, clients, event_type_id: type.id, local_start: `${date}T${String(hour).padStart(2, "0")}:00`, length_minutes: 60 };
    }),
  );
  const worker = async () => {
    for (let wish = wishes.pop(); wish; wish = wishes.pop()) await api("POST", "/v1/sessions", wish);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return people.map(({ id }) => id);
}

/** Resolves with the time at which so many entries have been painted. */
function painted(page, least) {
  return page.evaluate(
    (least) =>
      new Promise((resolve) => {
        const look = () => {
          if (document.querySelectorAll("[data-entry]").length >= least) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          else requestAnimationFrame(look);
        };
        look();
      }),
    least,
  );
}

async function measure(browser, address, token, people, view, entries, least) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript((token) => sessionStorage.setItem("hourkeep.signed-in", JSON.stringify({ access_token: token, subject: "ada@demo.test" })), token);
  const page = await context.newPage();
  await page.goto(`${address}/app/calendar?view=${view}&date=2027-02-10&zone=America/Vancouver&people=${people.join(",")}`);
  const load = await painted(page, least);

  const turns = [];
  const [away, back] = view === "week" ? ["k", "j"] : ["j", "k"];
  for (let turn = 0; turn < 7; turn += 1) {
    // To where there is nothing (two weeks earlier, the month after), and from there to all of it.
    for (let steps = view === "week" && turn === 0 ? 2 : 1; steps > 0; steps -= 1) {
      await page.keyboard.press(away);
      await page.waitForLoadState("networkidle");
    }
    await page.waitForFunction(() => !document.querySelector("[data-entry]"));
    const from = await page.evaluate(() => performance.now());
    await page.keyboard.press(back);
    turns.push((await painted(page, least)) - from);
  }

  // A drag over the page, a frame at a time.
  const entry = page.locator(".entry:not(.fixed)").first();
  await entry.scrollIntoViewIfNeeded();
  const box = await entry.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(8, box.height / 3)];
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    const tick = (now) => {
      window.frames_.push(now - last);
      last = now;
      window.drag_ = requestAnimationFrame(tick);
    };
    window.drag_ = requestAnimationFrame(tick);
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 120; step += 1) await page.mouse.move(x + step * 4, y + 60 * Math.sin(step / 12));
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(window.drag_);
    return window.frames_.slice(2).sort((a, b) => a - b);
  });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await context.close();
  turns.sort((a, b) => a - b);
  const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { view, entries, load, turn: at(turns, 0.5), slowest: at(turns, 1), frame: at(frames, 0.5), slow: at(frames, 0.95) };
}

function table(results) {
  const row = ({ view, entries, load, turn, slowest, frame, slow }) =>
    `| ${view} of ${entries} | ${load.toFixed(0)} ms | ${turn.toFixed(0)} ms | ${slowest.toFixed(0)} ms | ${frame.toFixed(1)} ms | ${slow.toFixed(1)} ms |`;
  const head = "| the calendar in Chromium, ten practitioners | load | turn to it, median | slowest of 7 | frame while dragging, median | slowest twentieth |";
  return [head, "|---|---:|---:|---:|---:|---:|", ...results.map(row)].join("\n");
}

const server = await start();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const { access_token } = await call(server.address, undefined, "POST", "/local/token", { as: "ada@demo.test" });
  const people = await book(server.address, access_token);
  const total = PEOPLE * WEEKS * DAYS * A_DAY;
  const results = [
    await measure(browser, server.address, access_token, people, "week", total / WEEKS, total / WEEKS),
    // A month shows of a full day what fits, and how many more there are.
    await measure(browser, server.address, access_token, people, "month", total, 40),
  ];
  const text = table(results);
  console.log(text);
  if (process.argv.includes("--write")) {
    const page = readFileSync(PAGE, "utf8");
    const [before, after] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END) + END.length)];
    writeFileSync(PAGE, `${before}${BEGIN}\n\n${new Date().toISOString().slice(0, 10)}, release build.\n\n${text}\n\n${END}${after}`);
  }
} finally {
  await browser.close();
  server.stop();
}
