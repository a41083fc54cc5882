import type { Schemas } from "@hourkeep/client";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export type Interval = { from: string; until: string };
export type Week = Record<Weekday, Interval[]>;
type OpenHours = Schemas["OpenHours"];

export const DAY_NAMES: Record<Weekday, string> = {
  mon: "Monday", tue: "Tuesday", wed: "Wednesday", thu: "Thursday", fri: "Friday", sat: "Saturday", sun: "Sunday",
};

/** The hours as the API has them, day by day. */
export function weekOf(hours: readonly OpenHours[]): Week {
  const of = (weekday: Weekday) =>
    hours.filter((one) => one.weekday === weekday).map(({ from, until }) => ({ from, until })).sort((a, b) => a.from.localeCompare(b.from));
  return Object.fromEntries(WEEKDAYS.map((weekday) => [weekday, of(weekday)])) as Week;
}

/** And back, in order. */
export function hoursOf(week: Week): OpenHours[] {
  return WEEKDAYS.flatMap((weekday) =>
    [...week[weekday]].sort((a, b) => a.from.localeCompare(b.from)).map(({ from, until }) => ({ weekday, from, until })),
  );
}

/** What is wrong with a week, by `/weekly_hours/mon/0`. */
export function wrongIn(week: Week): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const weekday of WEEKDAYS) {
    for (const [index, { from, until }] of week[weekday].entries()) {
      const at = `/weekly_hours/${weekday}/${index}`;
      if (!from || !until) wrong[at] = "Write when it begins and when it ends, or remove it.";
      else if (until <= from) wrong[at] = "It has to end after it begins, on the same day.";
      else if (week[weekday].some((other, before) => before < index && other.from < until && from < other.until)) wrong[at] = "It overlaps with other hours of the day.";
    }
  }
  return wrong;
}

/** What comes next when hours are added to a day: a working day, or an afternoon after what is there. */
export function nextIn(day: readonly Interval[]): Interval {
  const last = day.map((one) => one.until).sort().at(-1);
  if (!last) return { from: "09:00", until: "17:00" };
  const hour = Math.min(Number(last.slice(0, 2)) + 1, 22);
  return { from: `${String(hour).padStart(2, "0")}:00`, until: `${String(Math.max(hour + 1, Math.min(17, 23))).padStart(2, "0")}:00` };
}

/** `38 h 30 min`. */
export function total(hours: readonly Interval[]): string {
  const minute = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const sum = hours.reduce((all, { from, until }) => all + (from && until > from ? minute(until) - minute(from) : 0), 0);
  return [sum >= 60 && `${Math.floor(sum / 60)} h`, sum % 60 > 0 && `${sum % 60} min`].filter(Boolean).join(" ") || "no hours";
}

/** `Mon–Fri` is not guessed: each day is named with its hours. */
export function inWords(hours: readonly OpenHours[], clock: (time: string) => string): string[] {
  const week = weekOf(hours);
  return WEEKDAYS.filter((weekday) => week[weekday].length > 0).map(
    (weekday) => `${DAY_NAMES[weekday]} ${week[weekday].map(({ from, until }) => `${clock(from)} – ${clock(until)}`).join(", ")}`,
  );
}
