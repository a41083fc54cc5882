import { inWords, type Day, type Wall } from "./wall.js";

/** `Tue, 1 Dec 2026, 09:00` in the browser's locale. */
export function when(time: Wall): string {
  return inWords(time, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit" });
}

/** `Tue, 1 Dec 2026`. */
export function dayInWords(time: Wall | Day): string {
  return inWords(time, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
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
