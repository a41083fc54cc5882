import { dayOf, type Day } from "../time/wall.js";
import type { Entry } from "./entries.js";

/** What a day of the month shows: some entries, and how many more there are. */
export interface Thinned {
  shown: Entry[];
  more: { on: Day; count: number }[];
}

/** Leaves at most `most` entries a day, the last of them giving way to "+38 more": a thousand entries in a month make a slow page. */
export function thin(entries: readonly Entry[], most: number): Thinned {
  const days = new Map<Day, Entry[]>();
  for (const entry of entries) {
    const date = dayOf(entry.start);
    const listed = days.get(date);
    if (listed) listed.push(entry);
    else days.set(date, [entry]);
  }
  const thinned: Thinned = { shown: [], more: [] };
  for (const [date, listed] of days) {
    listed.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    const kept = listed.length > most ? most - 1 : most;
    thinned.shown.push(...listed.slice(0, kept));
    if (listed.length > kept) thinned.more.push({ on: date, count: listed.length - kept });
  }
  return thinned;
}
