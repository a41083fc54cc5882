import { at, day, dayOf, inWords, minuteOf, plusDays, type Day, type Wall } from "../time/wall.js";
import { statusInWords } from "../time/words.js";
import type { Entry } from "./entries.js";

const ANY_DAY = day("2000-01-03");

// A week names some hundreds of times: each is put into words once.
const clocks = new Map<number, string>();
const dates = new Map<Day, string>();

/** `9:00 AM` or `09:00`, as the browser's locale has it. */
export function clockWords(time: Wall): string {
  const minute = minuteOf(time);
  let words = clocks.get(minute);
  if (words === undefined) {
    words = inWords(at(ANY_DAY, minute), { hour: "numeric", minute: "2-digit" });
    clocks.set(minute, words);
  }
  return words;
}

/** `Tuesday, 1 December 2026`. */
export function dateWords(date: Day): string {
  let words = dates.get(date);
  if (words === undefined) {
    words = inWords(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
    dates.set(date, words);
  }
  return words;
}

/** `9:00 to 10:00`. */
export function timesInWords(start: Wall, end: Wall): string {
  return `${clockWords(start)} to ${clockWords(end)}`;
}

/** What kind an entry is, where its title does not say it, and whether it leaves the time bookable: `Note, free`. */
export function kindWords({ type, title, free }: Entry): string {
  return [type === title ? "" : type, free ? "free" : ""].filter(Boolean).join(", ");
}

/**
 * All that a sighted person sees of an entry, in one breath. What is written on it comes first and in that order, so that
 * whoever speaks to the computer can say what they read.
 */
export function entryWords(entry: Entry, whose: string): string {
  const until = dayOf(entry.end) === dayOf(entry.start) ? clockWords(entry.end) : `${clockWords(entry.end)} on ${dateWords(dayOf(entry.end))}`;
  return [entry.title, clockWords(entry.start), kindWords(entry), `until ${until}`, whose, dateWords(dayOf(entry.start)), statusInWords(entry.status).toLowerCase()]
    .filter((part) => part !== "")
    .join(", ");
}

/** `23 – 29 November 2026`, of days from the first to the one before `until`; where there is little room, `23 – 29 Nov 2026`. */
export function rangeWords(from: Day, until: Day, brief: boolean): string {
  const last = plusDays(until, -1);
  if (from === last) return brief ? inWords(from, { weekday: "short", day: "numeric", month: "short", year: "numeric" }) : dateWords(from);
  const format = new Intl.DateTimeFormat(undefined, { day: "numeric", month: brief ? "short" : "long", year: "numeric", timeZone: "UTC" });
  return format.formatRange(utcMidnight(from), utcMidnight(last));
}

export function monthWords(date: Day): string {
  return inWords(date, { month: "long", year: "numeric" });
}

export function count(number: number, one: string, many: string): string {
  return `${new Intl.NumberFormat().format(number)} ${number === 1 ? one : many}`;
}

/** A date as number, for words only. */
function utcMidnight(date: Day): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));
}
