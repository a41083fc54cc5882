/**
 * Wall-clock time as the API sends and takes it: `2026-12-01T09:00`, without an offset and without a zone.
 *
 * Nothing here knows a zone. The server alone turns wall time into instants: it knows today's rules, gaps and repeated hours.
 * So a `Wall` is never given to `new Date()`, which would read it in the browser's zone; arithmetic goes by a calendar in
 * which every day has 24 hours.
 */
export type Wall = string & { readonly wall: unique symbol };

/** A calendar date: `2026-12-01`. */
export type Day = string & { readonly day: unique symbol };

const WALL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MINUTE = 60_000;
const DAY_LENGTH = 24 * 60;

/** Reads wall time. Anything with an offset, a `Z` or seconds is none. */
export function wall(text: string): Wall {
  if (!WALL.test(text) || Number.isNaN(reading(text))) throw new RangeError(`${text} is no wall-clock time such as 2026-12-01T09:00`);
  return text as Wall;
}

/** Reads a date. */
export function day(text: string): Day {
  if (!DAY.test(text) || Number.isNaN(reading(`${text}T00:00`))) throw new RangeError(`${text} is no date such as 2026-12-01`);
  return text as Day;
}

export function at(date: Day, minutes: number): Wall {
  return plus(`${date}T00:00` as Wall, minutes);
}

export function dayOf(time: Wall): Day {
  return time.slice(0, 10) as Day;
}

/** Minutes since midnight. */
export function minuteOf(time: Wall): number {
  return Number(time.slice(11, 13)) * 60 + Number(time.slice(14, 16));
}

/** `09:00`. */
export function clockOf(time: Wall): string {
  return time.slice(11, 16);
}

export function plus(time: Wall, minutes: number): Wall {
  return new Date(reading(time) + minutes * MINUTE).toISOString().slice(0, 16) as Wall;
}

export function plusDays(date: Day, days: number): Day {
  return dayOf(plus(`${date}T00:00` as Wall, days * DAY_LENGTH));
}

/** Minutes on the clock face from one to the other. What the zone's clocks do in between is the server's to know. */
export function minutesBetween(from: Wall, until: Wall): number {
  return (reading(until) - reading(from)) / MINUTE;
}

/** 1 is Monday, 7 is Sunday, as in ISO 8601. */
export function weekdayOf(date: Day): number {
  return ((new Date(reading(`${date}T00:00`)).getUTCDay() + 6) % 7) + 1;
}

export function mondayOf(date: Day): Day {
  return plusDays(date, 1 - weekdayOf(date));
}

export function firstOfMonth(date: Day): Day {
  return `${date.slice(0, 8)}01` as Day;
}

export function plusMonths(date: Day, months: number): Day {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1 + months];
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10) as Day;
}

/** What the clocks of a zone show at an instant. For what is shown only: the way back is the server's. */
export function wallAt(instant: string | Date, zone: string): Wall {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  }).formatToParts(typeof instant === "string" ? new Date(instant) : instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "00";
  return wall(`${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`);
}

/** What the clocks of another zone show when those of the first show this. For what is shown only, as `wallAt`. */
export function shownIn(time: Wall, from: string, to: string): Wall {
  if (from === to) return time;
  let instant = reading(time);
  // Twice, since the first guess may lie on the other side of a change of clocks.
  for (let guess = 0; guess < 2; guess += 1) instant += reading(time) - reading(wallAt(new Date(instant), from));
  return wallAt(new Date(instant), to);
}

/** Words of the browser's locale: `Tue, 1 Dec`. */
export function inWords(time: Wall | Day, options: Intl.DateTimeFormatOptions): string {
  const text = time.length === 10 ? `${time}T00:00` : time;
  return new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" }).format(new Date(reading(text)));
}

/** The face of the clock read as if it were UTC. */
function reading(text: string): number {
  const date = new Date(`${text}:00Z`);
  // A 30th of February would silently become the 2nd of March.
  return date.toJSON()?.startsWith(text) ? date.getTime() : Number.NaN;
}
