import { byId, el, every, get, setText, utc } from "./common.js";

/** All mails, newest first. */
let mails = [];
/** The id of the mail that is read, and of the one that the list's tab stop is on. */
let selected = null;
const opened = new Set();
let firstLoad = true;
let shownKey = "";
let icsUrl = null;

const list = byId("list");
const main = byId("main");
const narrow = matchMedia("(max-width: 760px)");

// ── the list ──

const addressOf = (to) => (Array.isArray(to) ? to.map(addressOf).join(", ") : typeof to === "object" && to ? (to.email ?? "") : String(to ?? ""));
const visible = () => {
  const wanted = byId("recipient").value;
  return wanted ? mails.filter((mail) => addressOf(mail.to) === wanted) : mails;
};

async function refresh() {
  let fresh;
  try {
    fresh = (await get("/local/mail")).toReversed();
    byId("problem").hidden = true;
  } catch (error) {
    setText(byId("problem"), error.message);
    byId("problem").hidden = false;
    return;
  }
  const known = new Set(mails.map((mail) => mail.id));
  const arrived = fresh.filter((mail) => !known.has(mail.id));
  mails = fresh;
  if (firstLoad) {
    for (const mail of mails) opened.add(mail.id);
    firstLoad = false;
    fillRecipients();
    render();
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (mails.some((mail) => mail.id === wanted)) read(wanted, "keep");
    else if (!narrow.matches && mails.length) read(mails[0].id, "keep");
    return;
  }
  if (arrived.length) {
    setText(byId("live"), `${arrived.length} new ${arrived.length === 1 ? "mail" : "mails"}: ${arrived[0].subject}`);
    fillRecipients();
  }
  render();
}

function fillRecipients() {
  const select = byId("recipient");
  const counts = new Map();
  for (const mail of mails) counts.set(addressOf(mail.to), (counts.get(addressOf(mail.to)) ?? 0) + 1);
  const kept = select.value;
  select.replaceChildren(
    el("option", { value: "" }, `Everyone (${mails.length})`),
    ...[...counts].sort(([a], [b]) => a.localeCompare(b)).map(([to, n]) => el("option", { value: to }, `${to} (${n})`)),
  );
  select.value = counts.has(kept) ? kept : "";
}

/** Brings the list in line with `mails`, keeping the nodes that stand, and with them focus and scroll. */
function render() {
  const shown = visible();
  setText(byId("count"), String(shown.length));
  byId("empty").hidden = shown.length > 0;
  list.hidden = shown.length === 0;
  const stop = shown.some((mail) => mail.id === selected) ? selected : shown[0]?.id;
  const key = JSON.stringify([shown.map((mail) => mail.id), selected, stop, [...opened].length]);
  if (key === shownKey) return;
  shownKey = key;

  const nodes = new Map([...list.children].map((node) => [node.dataset.id, node]));
  const wanted = shown.map((mail) => {
    const node = nodes.get(String(mail.id)) ?? row(mail);
    node.setAttribute("aria-selected", String(mail.id === selected));
    node.tabIndex = mail.id === stop ? 0 : -1;
    node.classList.toggle("new", !opened.has(mail.id));
    return node;
  });
  const keep = new Set(wanted);
  for (const node of [...list.children]) if (!keep.has(node)) node.remove();
  wanted.forEach((node, at) => {
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
}

function row(mail) {
  return el(
    "li",
    { role: "option", "data-id": mail.id, on: { click: () => read(mail.id, "push") } },
    el("span", { class: "line" }, el("span", { class: "to" }, addressOf(mail.to)), kindTag(mail.kind)),
    el("span", { class: "subject" }, mail.subject),
    el("time", { class: "hint", datetime: mail.sent_at }, utc(mail.sent_at)),
  );
}

const kindTag = (kind) => el("span", { class: `tag kind-${String(kind ?? "").replace(/[^a-z_]/g, "")}` }, String(kind ?? "").replaceAll("_", " "));

list.addEventListener("keydown", (event) => {
  const shown = visible();
  const at = shown.findIndex((mail) => String(mail.id) === document.activeElement?.dataset?.id);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    const mail = shown[Math.max(0, Math.min(shown.length - 1, to))];
    if (!mail) return;
    // On a phone the list fills the screen: moving along it must not leave it.
    if (narrow.matches) {
      for (const node of list.children) node.tabIndex = node.dataset.id === String(mail.id) ? 0 : -1;
    } else read(mail.id, "replace");
    rowOf(mail.id)?.focus();
  } else if ((event.key === "Enter" || event.key === " ") && at >= 0) {
    event.preventDefault();
    read(shown[at].id, "push");
    byId("tabs").querySelector('[aria-selected="true"]')?.focus();
  }
});

const rowOf = (id) => [...list.children].find((node) => node.dataset.id === String(id));

byId("recipient").addEventListener("change", () => {
  render();
  const shown = visible();
  if (!narrow.matches && shown.length && !shown.some((mail) => mail.id === selected)) read(shown[0].id, "replace");
});

// ── the mail ──

function read(id, how) {
  const mail = mails.find((one) => String(one.id) === String(id));
  if (!mail) return;
  const again = selected === mail.id;
  selected = mail.id;
  opened.add(mail.id);
  main.dataset.view = narrow.matches && how === "keep" && !location.hash ? "list" : "detail";
  const hash = `#${encodeURIComponent(mail.id)}`;
  if (how === "push" && narrow.matches) history.pushState(null, "", hash);
  else if (how !== "keep") history.replaceState(null, "", hash);
  render();
  if (!again) fill(mail);
  if (main.dataset.view === "detail" && narrow.matches) byId("detail").scrollTop = 0;
}

function fill(mail) {
  byId("none").hidden = true;
  byId("mail").hidden = false;
  byId("subject").textContent = mail.subject;
  byId("m-from").textContent = addressOf(mail.from);
  byId("m-to").textContent = addressOf(mail.to);
  byId("m-sent").textContent = utc(mail.sent_at);
  byId("m-sent").setAttribute("datetime", mail.sent_at);
  byId("m-kind").replaceChildren(kindTag(mail.kind));

  const page = new DOMParser().parseFromString(mail.html ?? "", "text/html");
  showLinks(page, mail.text ?? "");
  // A link followed inside the frame would replace the mail; it is refused instead, and the links stand below.
  page.head.prepend(Object.assign(page.createElement("base"), { target: "_blank" }));
  byId("frame").srcdoc = `<!doctype html>${page.documentElement.outerHTML}`;
  byId("text").textContent = mail.text ?? "";

  const calendar = mail.calendar || "";
  byId("calendar-none").hidden = Boolean(calendar);
  byId("calendar-some").hidden = !calendar;
  byId("calendar").textContent = calendar.replaceAll("\r\n", "\n");
  byId("calendar-fields").replaceChildren(...calendarFields(calendar));
  byId("tab-calendar").classList.toggle("faint", !calendar);

  byId("raw").href = mail.raw_url;
  byId("raw").setAttribute("download", `${mail.id}.eml`);
  if (icsUrl) URL.revokeObjectURL(icsUrl);
  icsUrl = calendar ? URL.createObjectURL(new Blob([calendar], { type: "text/calendar" })) : null;
  const ics = byId("ics");
  ics.hidden = !calendar;
  if (icsUrl) {
    ics.href = icsUrl;
    ics.setAttribute("download", `${mail.id}.ics`);
  }
}

function showLinks(page, text) {
  const links = new Map();
  for (const anchor of page.querySelectorAll("a[href]")) links.set(anchor.getAttribute("href"), anchor.textContent.trim());
  for (const [url] of text.matchAll(/https?:\/\/[^\s<>"]+/g)) if (!links.has(url)) links.set(url, "");
  const safe = [...links].filter(([url]) => /^(https?|mailto):/i.test(url));
  byId("links").hidden = safe.length === 0;
  byId("link-list").replaceChildren(
    ...safe.map(([url, label]) =>
      el("li", {}, label && label !== url ? `${label}: ` : "", el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url)),
    ),
  );
}

/** The properties people look for, read from the calendar part as it was sent (RFC 5545: folded lines joined first). */
function calendarFields(calendar) {
  const lines = calendar.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  const wanted = ["METHOD", "UID", "SEQUENCE", "DTSTAMP", "STATUS", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID", "LOCATION", "ORGANIZER", "ATTENDEE", "URL"];
  const found = [];
  for (const line of lines) {
    const match = /^([A-Z-]+)((?:;[^:;="]+=(?:"[^"]*"|[^:;"]*))*):(.*)$/.exec(line);
    if (match && wanted.includes(match[1])) found.push([match[1], match[2].slice(1), match[3]]);
  }
  found.sort(([a], [b]) => wanted.indexOf(a) - wanted.indexOf(b));
  return found.flatMap(([name, parameters, value]) => [
    el("dt", {}, name),
    el("dd", {}, pretty(value), parameters && el("span", { class: "hint" }, ` ${parameters}`)),
  ]);
}

function pretty(value) {
  const at = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)$/.exec(value);
  if (at) return `${value}  (${at[7] ? utc(`${at[1]}-${at[2]}-${at[3]}T${at[4]}:${at[5]}:${at[6]}Z`) : "local time"})`;
  return value.replace(/\\n/gi, " ⏎ ").replace(/\\([,;\\])/g, "$1");
}

// The frame may run nothing, so it shares this page's origin only to be measured: a mail is read in one piece.
function fit() {
  const root = byId("frame").contentDocument?.documentElement;
  if (!root) return;
  byId("frame").style.height = "0";
  byId("frame").style.height = `${root.scrollHeight + 2}px`;
}

byId("frame").addEventListener("load", fit);
new ResizeObserver(fit).observe(byId("panel-html"));

// ── tabs ──

const tabs = [...byId("tabs").children];

function choose(tab, focus) {
  for (const one of tabs) {
    const on = one === tab;
    one.setAttribute("aria-selected", String(on));
    one.tabIndex = on ? 0 : -1;
    byId(one.getAttribute("aria-controls")).hidden = !on;
  }
  if (focus) tab.focus();
}

for (const tab of tabs) tab.addEventListener("click", () => choose(tab));
byId("tabs").addEventListener("keydown", (event) => {
  const at = tabs.indexOf(document.activeElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  choose(tabs.at(to % tabs.length), true);
});

byId("scheme").addEventListener("change", (event) => {
  byId("frame").classList.toggle("in-light", event.target.value === "light");
  byId("frame").classList.toggle("in-dark", event.target.value === "dark");
});

// ── list and detail on a phone ──

function showList() {
  main.dataset.view = "list";
  rowOf(selected)?.focus();
}

byId("back").addEventListener("click", () => {
  history.replaceState(null, "", location.pathname);
  showList();
});
addEventListener("popstate", () => {
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (wanted) read(wanted, "keep");
  else showList();
});

choose(tabs[0]);
every(3000, refresh);
