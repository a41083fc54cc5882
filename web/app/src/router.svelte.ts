/** A path router under /app/. Paths here begin after it: `/clients/cli_…`. */
const BASE = "/app";

/** Where one is. `visit` counts: the same path may be visited again. */
export const route = $state({ path: here(), query: new URLSearchParams(location.search), visit: 0 });

/** Asked before the page is left; answers false to stay. */
let guard: (() => boolean) | undefined;

/** Which of the browser's entries one is at: each holds its own, so that one can go back to where one was. */
let at = numbered() ?? 0;
history.replaceState({ at }, "");

function numbered(): number | undefined {
  return (history.state as { at?: number } | null)?.at;
}

function here(): string {
  return location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length).replace(/\/+$/, "") || "/" : "/";
}

/** The address of a path: `<a href={link("/calendar")}>`. */
export function link(path: string): string {
  return BASE + path;
}

/** Goes to a path, such as `/calendar?day=2026-12-01`. */
export function go(path: string, { replace = false } = {}): void {
  if (guard && !guard()) return;
  if (!replace) at++;
  history[replace ? "replaceState" : "pushState"]({ at }, "", link(path));
  arrive();
  if (!replace) scrollTo(0, 0);
}

/** Lets a page be asked before it is left. Returns what ends it. */
export function beforeLeaving(question: () => boolean): () => void {
  guard = question;
  return () => {
    if (guard === question) guard = undefined;
  };
}

/** The parts of a path that fit a pattern such as `/clients/:id`, or none. */
export function fits(pattern: string, path: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    const read = part.startsWith(":") ? readable(value) : undefined;
    if (read !== undefined) parts[part.slice(1)] = read;
    else if (part !== value) return undefined;
  }
  return parts;
}

/** None if a link was cut off within a letter: `%C3`. */
function readable(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function arrive(): void {
  const path = here();
  route.query = new URLSearchParams(location.search);
  if (path !== route.path) route.visit++;
  route.path = path;
}

// The browser has gone there already: to stay is to return.
addEventListener("popstate", () => {
  const to = numbered() ?? 0;
  if (to === at) return;
  if (guard && !guard()) return history.go(at - to);
  at = to;
  arrive();
});

// Plain links are enough: those within the app do not load a page.
document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const anchor = event.target instanceof Element ? event.target.closest("a") : null;
  if (!anchor || anchor.target || anchor.hasAttribute("download") || anchor.origin !== location.origin) return;
  if (anchor.pathname !== BASE && !anchor.pathname.startsWith(`${BASE}/`)) return;
  if (anchor.hash && anchor.pathname === location.pathname) return;
  event.preventDefault();
  go((anchor.pathname.slice(BASE.length) || "/") + anchor.search);
});

/** Names the page in the browser's tab. */
export function titled(text: string): void {
  document.title = text === "Hourkeep" ? text : `${text} · Hourkeep`;
}
