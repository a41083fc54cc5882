// What all pages share: talking to the server, making elements, the clock in the header.

/** An answer that is not 2xx, with the problem details (RFC 9457) if there are any. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || `The server answered ${status}.`);
    this.status = status;
    this.problem = problem;
  }
}

async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The server does not answer. Is it running?");
  }
  const text = await answer.text();
  let value;
  try {
    value = text ? JSON.parse(text) : undefined;
  } catch {
    value = undefined;
  }
  if (!answer.ok) throw new Refused(answer.status, value);
  return value;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);

/** An element. `on` holds listeners; a key with a false, null or undefined value is left out. Text is never markup. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Sets text only if it differs, so that live regions stay silent otherwise. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Only UTC: the browser's zone tables may be older than the server's.
const dateAndTime = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

export function utc(instant) {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? String(instant ?? "") : `${dateAndTime.format(date)} UTC`;
}

/** "3 days 2 hours": the two largest units. */
export function span(ms) {
  const minutes = Math.round(ms / 60_000);
  const parts = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor((minutes % 1440) / 60), "hour"],
    [minutes % 60, "minute"],
  ].filter(([n]) => n > 0);
  return parts.slice(0, 2).map(([n, unit]) => `${n} ${unit}${n === 1 ? "" : "s"}`).join(" ") || "less than a minute";
}

// ── the clock: real time plus an offset that the server knows ──

let offset = null;
const watchers = new Set();

export async function readClock() {
  const { now } = await get("/local/clock");
  setClock(now);
  return new Date(now);
}

export function setClock(now) {
  offset = new Date(now).getTime() - Date.now();
  tick();
}

export const clockOffset = () => offset;
export const clockNow = () => (offset === null ? null : new Date(Date.now() + offset));

function tick() {
  const now = clockNow();
  if (!now) return;
  const small = byId("site-clock");
  if (small) {
    setText(small, utc(now));
    small.setAttribute("datetime", now.toISOString());
  }
  for (const watcher of watchers) watcher(now);
}

export function watchClock(watcher) {
  watchers.add(watcher);
  tick();
}

/** Calls `work` every `ms` while the page is looked at, one call at a time, and at once when it is looked at again. */
export function every(ms, work) {
  let busy = false;
  const run = async () => {
    if (busy || document.hidden) return;
    busy = true;
    try {
      await work();
    } finally {
      busy = false;
    }
  };
  setInterval(run, ms);
  document.addEventListener("visibilitychange", run);
  return run();
}

setInterval(tick, 1000);
every(15_000, () => readClock().catch(() => {}));

// ── people ──

export const people = () => get("/local/people");

const roles = { director: "Director", practitioner: "Practitioner", front_desk: "Front desk" };
export const roleName = (role) => roles[role] ?? String(role ?? "");

const tokens = new Map();

/** A token for one of the demo people: the one at hand, unless it is about to expire. */
export async function tokenFor(email, fresh = false) {
  const known = tokens.get(email);
  const expires = known && claims(known)?.exp;
  if (!fresh && known && (!expires || expires * 1000 > Date.now() + 60_000)) return known;
  const { access_token: token } = await post("/local/token", { as: email });
  tokens.set(email, token);
  return token;
}

/** What a token says. Not checked: that is the server's business. */
export function claims(token) {
  try {
    const middle = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(middle), (c) => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

/** Copies and says so on the button, for as long as it takes to read. */
export async function copy(text, button) {
  const label = button.dataset.label ?? (button.dataset.label = button.textContent);
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Could not copy";
  }
  setTimeout(() => (button.textContent = label), 1600);
}

export function copyButton(text, label = "Copy") {
  const button = el("button", { type: "button", class: "small" }, label);
  button.addEventListener("click", () => copy(typeof text === "function" ? text() : text, button));
  return button;
}
