import { day, inWords, type Day, type Wall } from "./wall.js";

/** `Tue, 1 Dec 2026, 09:00` in the browser's locale. */
export function when(time: Wall): string {
  return inWords(time, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" });
}

/** `Tue, 1 Dec 2026`. */
export function dayInWords(time: Wall | Day): string {
  return inWords(time, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
}

/** `Thu, Dec 24 – Sat, Dec 26, 2026`, or the day alone. */
export function daysInWords({ first_day, last_day }: { first_day: string; last_day: string }): string {
  if (first_day === last_day) return dayInWords(day(first_day));
  const sameYear = first_day.slice(0, 4) === last_day.slice(0, 4);
  const first = sameYear ? inWords(day(first_day), { weekday: "short", day: "numeric", month: "short" }) : dayInWords(day(first_day));
  return `${first} – ${dayInWords(day(last_day))}`;
}

/** `09:00`, or `9:00 AM` where that is what people read. */
export function timeInWords(time: Wall): string {
  return inWords(time, { hour: "numeric", minute: "2-digit" });
}

/** `9:00 – 10:00 AM`. */
export function fromUntil(start: Wall, end: Wall): string {
  return `${timeInWords(start)} – ${timeInWords(end)}`;
}

/** The zone, where it is not what the reader takes for granted: `Vancouver time`. */
export function zoneNote(zone: string, ...known: (string | null | undefined)[]): string | undefined {
  return [browserZone, ...known].every((one) => one === zone || one === null || one === undefined) ? undefined : zoneInWords(zone);
}

export function zoneInWords(zone: string): string {
  return zone.includes("/") ? `${(zone.split("/").at(-1) ?? zone).replaceAll("_", " ")} time` : zone;
}

export const browserZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

const STATUS: Record<string, string> = {
  scheduled: "Scheduled",
  due: "Due",
  underway: "Under way",
  awaiting_outcome: "Outcome missing",
  closed: "Closed",
  cancelled: "Cancelled",
  deleted: "Deleted",
};

/** `awaiting_outcome` → `Outcome missing`. */
export function statusInWords(status: string): string {
  return STATUS[status] ?? status.replaceAll("_", " ");
}
