// How fast the calendar is with many entries: a week of 250 and a month of 1,000, made up in the browser's network.
//
//   node scripts/measure.mjs [http://127.0.0.1:3000] [--json]
//
// The address is that of a local server that serves the built app (or of `vite preview` before one). Times are in milliseconds.
import { chromium } from "playwright-core";

const json = process.argv.includes("--json");
const address = process.argv.slice(2).find((argument) => argument.startsWith("http")) ?? process.env.HOURKEEP_URL ?? "http://127.0.0.1:3000";
const DAY = 86_400_000;
const TYPES = [
  { id: "typ_0", name: "Individual session", category: "client" },
  { id: "typ_1", name: "Video session", category: "video" },
  { id: "typ_2", name: "Admin", category: "non_client" },
  { id: "typ_3", name: "Team meeting", category: "team" },
];

/** So many entries, spread evenly over the days asked for. */
function madeUp(query, total) {
  const from = Date.parse(`${query.get("from")}T00:00Z`);
  const days = (Date.parse(`${query.get("to")}T00:00Z`) - from) / DAY;
  const text = (time) => new Date(time).toISOString();
  const items = Array.from({ length: total }, (_, index) => {
    const start = from + (index % days) * DAY + (8 * 60 + Math.floor(index / days) * Math.floor((11 * 60) / Math.ceil(total / days) / 5) * 5) * 60_000;
    const end = start + [30, 60, 45, 60][index % 4] * 60_000;
    const type = TYPES[index % 4];
    return {
      session_id: `ses_${query.get("from")}_${index}`, client_ids: index % 4 < 2 ? [`cli_${index % 40}`] : [], practitioner_id: query.get("practitioner_id"), room_id: null, event_type_id: type.id, busy: true, direct: true,
      status: ["scheduled", "closed", "scheduled", "awaiting_outcome"][index % 4], starts_at: text(start), ends_at: text(end), local_start: text(start).slice(0, 16), local_end: text(end).slice(0, 16),
    };
  });
  return { practitioner_id: query.get("practitioner_id"), time_zone: query.get("time_zone"), items, clients: Array.from({ length: 40 }, (_, index) => ({ id: `cli_${index}`, first_name: "Client", last_name: `${index}` })) };
}

/** Resolves with the time at which so many entries have been painted. */
function painted(page, least, after) {
  return page.evaluate(
    ([least, after]) =>
      new Promise((resolve) => {
        const look = () => {
          const entries = document.querySelectorAll("[data-entry]");
          if (entries.length >= least && (!after || [...entries].some((entry) => entry.dataset.entry.includes(after)))) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          else requestAnimationFrame(look);
        };
        look();
      }),
    [least, after],
  );
}

async function measure(browser, token, view, total, least) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript((token) => sessionStorage.setItem("hourkeep.signed-in", JSON.stringify({ access_token: token, subject: "ada@demo.test" })), token);
  const page = await context.newPage();
  await page.route("**/v1/calendar?*", (route) => route.fulfill({ json: madeUp(new URL(route.request().url()).searchParams, total) }));
  await page.route("**/v1/event-types*", (route) => route.fulfill({ json: { items: TYPES } }));
  await page.goto(`${address}/app/calendar?view=${view}&date=2026-12-09`);
  const load = await painted(page, least);

  const turns = [];
  for (let turn = 0; turn < 5; turn += 1) {
    await page.waitForTimeout(300);
    const from = await page.evaluate(() => performance.now());
    const before = await page.locator("[data-entry]").first().getAttribute("data-entry");
    await page.keyboard.press("j");
    await page.waitForFunction((before) => { const first = document.querySelector("[data-entry]"); return first && first.dataset.entry !== before; }, before, { polling: "raf" });
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
    const tick = (now) => { window.frames_.push(now - last); last = now; window.drag_ = requestAnimationFrame(tick); };
    window.drag_ = requestAnimationFrame(tick);
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 120; step += 1) await page.mouse.move(x + step * 4, y + 60 * Math.sin(step / 12));
  const frames = await page.evaluate(() => { cancelAnimationFrame(window.drag_); return window.frames_.slice(2).sort((a, b) => a - b); });
  await page.mouse.move(x, y);
  await page.mouse.up();
  await context.close();
  const at = (sorted, share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] * 10) / 10;
  turns.sort((a, b) => a - b);
  return { view, entries: total, load: Math.round(load), turn_median: at(turns, 0.5), turn_worst: at(turns, 1), drag_frame_p50: at(frames, 0.5), drag_frame_p95: at(frames, 0.95), drag_frames: frames.length };
}

const answer = await fetch(`${address}/local/token`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ as: "ada@demo.test" }) });
const { access_token } = await answer.json();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const results = [await measure(browser, access_token, "week", 250, 250), await measure(browser, access_token, "month", 1_000, 100)];
  if (json) console.log(JSON.stringify(results));
  else console.table(results);
} finally {
  await browser.close();
}
