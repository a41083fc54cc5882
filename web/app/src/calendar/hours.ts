import type { Schemas } from "@hourkeep/client";
import { at, dayOf, minuteOf, plus, plusDays, shownIn, wall, weekdayOf, type Day, type Wall } from "../time/wall.js";
import type { Range } from "./place.js";

/** When someone works, in their own zone. */
export interface WorkingHours {
  zone: string;
  weekly: readonly Schemas["OpenHours"][];
  /** Days that are exceptions to it. */
  own: readonly Schemas["HoursException"][];
  /** Days on which the practice is closed or keeps other hours. */
  practice: readonly Schemas["HoursException"][];
}

type Interval = { from: string; until: string };

/** A stretch that is shaded in a column, because nobody works there. */
export interface Shade {
  id: string;
  column: string;
  start: Wall;
  end: Wall;
}

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Where a column is shaded: all that is outside the hours, as the displayed zone's clocks show them. */
export function shades(column: string, hours: WorkingHours, zone: string, { from, until }: Range): Shade[] {
  const begin = at(from, 0);
  const end = at(until, 0);
  const open = openings(hours, zone, from, until);
  const free: { start: Wall; end: Wall }[] = [];
  let since = begin;
  for (const one of open) {
    if (one.start > since) free.push({ start: since, end: one.start });
    if (one.end > since) since = one.end;
  }
  if (since < end) free.push({ start: since, end });
  return free.flatMap((one) => byDay(one.start, one.end)).map((one) => ({ id: `shade/${column}/${one.start}`, column, ...one }));
}

/** The exceptions to the hours that fall into these days: a holiday, an absence, other hours. */
export function exceptionsIn(all: readonly Schemas["HoursException"][], { from, until }: Range): Schemas["HoursException"][] {
  return all.filter((one) => one.first_day < until && from <= one.last_day);
}

/** The minute at which someone usually begins in these days, as the displayed zone's clocks show it; nine o'clock if they don't work. */
export function firstMinute(hours: WorkingHours, zone: string, { from, until }: Range): number {
  const minutes = hours.weekly.length === 0 ? [] : openings(hours, zone, from, until).map(({ start }) => minuteOf(start));
  return minutes.length > 0 ? Math.min(...minutes) : 9 * 60;
}

/** As the server reckons (WorkingHours in the domain): one's own exception, else the weekly hours as far as the practice is open. */
function hoursOn({ weekly, own, practice }: WorkingHours, date: Day): readonly Interval[] {
  const holds = (one: Schemas["HoursException"]) => one.first_day <= date && date <= one.last_day;
  const exception = own.find(holds);
  if (exception) return exception.hours ?? [];
  const usual = weekly.length > 0 ? weekly.filter((one) => one.weekday === WEEKDAYS[weekdayOf(date) - 1]) : [ALL_DAY];
  const closure = practice.find(holds);
  const open = closure ? (closure.hours ?? []) : [ALL_DAY];
  return usual.flatMap((mine) => open.map((theirs) => both(mine, theirs))).filter((one) => one.from < one.until);
}

const ALL_DAY: Interval = { from: "00:00", until: "24:00" };

const both = (a: Interval, b: Interval) => ({ from: a.from > b.from ? a.from : b.from, until: a.until < b.until ? a.until : b.until });

function openings(hours: WorkingHours, zone: string, from: Day, until: Day): { start: Wall; end: Wall }[] {
  const found: { start: Wall; end: Wall }[] = [];
  const begin = at(from, 0);
  const close = at(until, 0);
  // A day either side: theirs may begin up to a day before or after the displayed zone's.
  for (let date = plusDays(from, -1); date <= until; date = plusDays(date, 1)) {
    for (const interval of hoursOn(hours, date)) {
      const start = shownIn(clockOn(date, interval.from), hours.zone, zone);
      const end = shownIn(clockOn(date, interval.until), hours.zone, zone);
      if (end > begin && start < close) found.push({ start: start < begin ? begin : start, end: end > close ? close : end });
    }
  }
  return found.sort((a, b) => (a.start < b.start ? -1 : 1));
}

function clockOn(date: Day, clock: string): Wall {
  return clock === "24:00" ? at(date, 24 * 60) : wall(`${date}T${clock}`);
}

function byDay(start: Wall, end: Wall): { start: Wall; end: Wall }[] {
  const parts: { start: Wall; end: Wall }[] = [];
  let since = start;
  while (since < end) {
    const midnight = plus(at(dayOf(since), 0), 24 * 60);
    const stop = midnight < end ? midnight : end;
    parts.push({ start: since, end: stop });
    since = stop;
  }
  return parts;
}
