import type { Schemas } from "@hourkeep/client";
import { api, ask } from "../api/api.js";
import { few } from "../api/few.js";
import { plusDays, wall, type Day } from "../time/wall.js";
import { daysInWords, timeInWords } from "../time/words.js";

export type DaysOff = Schemas["HoursException"];

/** `closed`, or the hours of each of the days. */
export function hoursOfThem(one: DaysOff, off: string): string {
  const clock = (time: string) => timeInWords(wall(`2026-01-01T${time}`));
  const hours = one.hours ?? [];
  return hours.length === 0 ? off : `open ${hours.map(({ from, until }) => `${clock(from)} – ${clock(until)}`).join(", ")}`;
}

const LONGEST = 62;

/** How many appointments stand in these days, the last one included, in the calendars of these practitioners. */
export async function booked(practitioners: readonly { id: string; time_zone: string }[], first: Day, last: Day): Promise<number> {
  const spans: { from: Day; to: Day }[] = [];
  for (let from = first; from <= last; from = plusDays(from, LONGEST)) {
    const to = plusDays(from, LONGEST);
    spans.push({ from, to: to <= last ? to : plusDays(last, 1) });
  }
  const asked = practitioners.flatMap((one) => spans.map((span) => ({ practitioner_id: one.id, time_zone: one.time_zone, ...span })));
  const found = new Set<string>();
  await few(asked, async (query) => {
    const { items } = await ask(api().GET("/v1/calendar", { params: { query } }));
    for (const item of items) found.add(item.session_id ?? `${query.practitioner_id}/${item.starts_at}`);
  });
  return found.size;
}

/** In order, without one of them. */
export function without(all: readonly DaysOff[], one: DaysOff): DaysOff[] {
  return all.filter((other) => other.first_day !== one.first_day);
}

/** What is wrong with it, by field; the server says the same of the whole list. */
export function wrongWith(one: DaysOff, all: readonly DaysOff[]): Record<string, string> {
  if (!one.first_day) return { first_day: "Choose the first day." };
  if (!one.last_day) return { last_day: "Choose the last day." };
  if (one.last_day < one.first_day) return { last_day: "It has to be the first day or later." };
  const other = all.find((each) => each.first_day <= one.last_day && one.first_day <= each.last_day);
  if (other) return { first_day: `${other.name ?? "Other days"} (${daysInWords(other)}) has some of these days already: remove it first.` };
  for (const [index, { from, until }] of (one.hours ?? []).entries()) {
    if (!from || !until) return { hours: "Write when it begins and when it ends." };
    if (until <= from) return { hours: "It has to end after it begins, on the same day." };
    if ((one.hours ?? []).some((each, before) => before < index && each.from < until && from < each.until)) return { hours: "These hours overlap." };
  }
  return {};
}
