import { day, firstOfMonth, plusDays, plusMonths, weekdayOf, type Day } from "../time/wall.js";

export const VIEWS = ["day", "week", "month", "list"] as const;
export type View = (typeof VIEWS)[number];
export type By = "people" | "rooms";

/** Where one is in the calendar. It stands in the address, so that reload, back and a link lead to it. */
export interface Place {
  view: View;
  date: Day;
  /** The zone of every time on the page. */
  zone: string;
  by: By;
  /** The practitioners or rooms side by side; empty means the usual ones. */
  ids: readonly string[];
}

/** Days from the first to the one before `until`. */
export interface Range {
  from: Day;
  until: Day;
}

/** Reads an address; what is missing or makes no sense is as in `usual`. */
export function placeOf(query: URLSearchParams, usual: Place): Place {
  const view = VIEWS.find((one) => one === query.get("view")) ?? usual.view;
  const by: By = query.has("rooms") ? "rooms" : query.has("people") ? "people" : usual.by;
  const ids = query.get(by)?.split(",").filter((id) => id !== "");
  return {
    view,
    by,
    date: dateOr(query.get("date"), usual.date),
    zone: zoneOr(query.get("zone"), usual.zone),
    ids: ids ?? (by === usual.by ? usual.ids : []),
  };
}

export function searchOf(place: Place): string {
  const query = new URLSearchParams({ view: place.view, date: place.date, zone: place.zone });
  query.set(place.by, place.ids.join(","));
  // Commas and slashes are at home in a query; percent signs would only make it hard to read.
  return `?${query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/")}`;
}

/** The days that a view shows. A month is filled up with whole weeks. */
export function rangeOf(view: View, date: Day, firstWeekday: number): Range {
  switch (view) {
    case "day":
      return { from: date, until: plusDays(date, 1) };
    case "week":
    case "list": {
      const from = startOfWeek(date, firstWeekday);
      return { from, until: plusDays(from, 7) };
    }
    case "month": {
      const from = startOfWeek(firstOfMonth(date), firstWeekday);
      const last = plusDays(plusMonths(date, 1), -1);
      return { from, until: plusDays(startOfWeek(last, firstWeekday), 7) };
    }
  }
}

/** The date one page further, or back. */
export function turned(view: View, date: Day, pages: number): Day {
  switch (view) {
    case "day":
      return plusDays(date, pages);
    case "week":
    case "list":
      return plusDays(date, 7 * pages);
    case "month":
      return plusMonths(date, pages);
  }
}

export function daysOf({ from, until }: Range): Day[] {
  const days: Day[] = [];
  for (let one = from; one < until; one = plusDays(one, 1)) days.push(one);
  return days;
}

/** 1 is Monday, 7 is Sunday, by the browser's locale; Monday where the browser does not say. */
export function firstWeekdayHere(): number {
  const locale = new Intl.Locale(navigator.language) as Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}

const KEPT = "hourkeep.calendar";

/** What is remembered from one visit to the next; a phone's view is its own. */
export interface Kept {
  view?: View;
  phone_view?: View;
  by?: By;
  people?: readonly string[];
  rooms?: readonly string[];
}

export function kept(): Kept {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    if (typeof read !== "object" || read === null) return {};
    const { view, phone_view, by, people, rooms } = read as Record<string, unknown>;
    const isView = (one: unknown): one is View => VIEWS.some((known) => known === one);
    const areIds = (some: unknown): some is string[] => Array.isArray(some) && some.every((id) => typeof id === "string");
    return {
      ...(isView(view) && { view }),
      ...(isView(phone_view) && { phone_view }),
      ...((by === "people" || by === "rooms") && { by }),
      ...(areIds(people) && { people }),
      ...(areIds(rooms) && { rooms }),
    };
  } catch {
    // Storage may be forbidden; then nothing is remembered.
    return {};
  }
}

export function keep(change: Kept): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...kept(), ...change }));
  } catch {
    // As above.
  }
}

function startOfWeek(date: Day, firstWeekday: number): Day {
  return plusDays(date, -((weekdayOf(date) - firstWeekday + 7) % 7));
}

function dateOr(text: string | null, usual: Day): Day {
  try {
    return text === null ? usual : day(text);
  } catch {
    return usual;
  }
}

function zoneOr(text: string | null, usual: string): string {
  try {
    if (text === null) return usual;
    new Intl.DateTimeFormat(undefined, { timeZone: text });
    return text;
  } catch {
    return usual;
  }
}
