import { dayOf, minuteOf, type Wall } from "../time/wall.js";

export type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "End";

/** What stands in the calendar at a time, in a column. */
export interface Stop {
  id: string;
  column: string;
  start: Wall;
}

/**
 * The entry to which an arrow leads: up and down in its day and column, and on to the neighbour's at the end;
 * left and right to the one nearest in time in the next day or column that has any.
 */
export function walk<S extends Stop>(stops: readonly S[], columns: readonly string[], from: S, arrow: Arrow): S | undefined {
  const place = (entry: Stop) => `${dayOf(entry.start)}/${String(Math.max(0, columns.indexOf(entry.column))).padStart(4, "0")}`;
  const sorted = [...stops].sort((a, b) => compare(place(a) + a.start + a.id, place(b) + b.start + b.id));
  const here = sorted.findIndex((entry) => entry.id === from.id);
  switch (arrow) {
    case "Home":
      return sorted[0];
    case "End":
      return sorted.at(-1);
    case "ArrowUp":
      return sorted[here - 1];
    case "ArrowDown":
      return sorted[here + 1];
    case "ArrowLeft":
    case "ArrowRight": {
      const step = arrow === "ArrowLeft" ? -1 : 1;
      let there = here;
      while (sorted[there] && place(sorted[there] as S) === place(from)) there += step;
      const beside = sorted[there];
      if (!beside) return undefined;
      const away = (entry: Stop) => Math.abs(minuteOf(entry.start) - minuteOf(from.start));
      return sorted.filter((entry) => place(entry) === place(beside)).reduce((best, one) => (away(one) < away(best) ? one : best));
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
