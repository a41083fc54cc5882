// Holds that no time but wall time reaches the calendar: the library ignores a `Z` and reads an offset by today's rules.
//
//   node scripts/lint-wall.mjs [src/calendar]
//
// The types do the rest: what Grid.svelte gives the library is `Naive`, which is made of `Wall` and `Day` alone.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const GRID = "Grid.svelte";
const ENTRIES = "entries.ts";

const RULES = [
  { says: "only Grid.svelte may know the library", finds: /["']@event-calendar\/core/g, but: [GRID] },
  { says: "a moment is no wall time: toISOString and toJSON write it with a Z", finds: /\.to(ISOString|JSON)\b/g },
  { says: "text is read by wall() and day(), never as a Date", finds: /\bDate\.parse\b|\bnew Date\((?!\s*\))/g },
  { says: "wall(), day() and naive() check what they are given; a cast does not", finds: /\bas (unknown as )?(Wall|Day)\b|<(Wall|Day)>\s*[("'`\w]/g, but: [] },
  { says: "a time with a Z or an offset", finds: /\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)\b/g },
  { says: "instants stay in entries.ts, where the wall times beside them are read", finds: /\b(starts|ends)_at\b/g, but: [ENTRIES] },
  { says: "the library has other doors for times; only events and date are used", finds: /\.(gotoDate|setOption|refetchEvents)\(|\beventSources\s*:/g },
];

/** What is wrong in one file, one line for each. */
function complaints(name, text) {
  const code = text.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(?<![:"'`])\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, " "));
  const found = RULES.filter((rule) => !rule.but?.includes(name)).flatMap((rule) =>
    [...code.matchAll(rule.finds)].map((match) => ({ at: match.index, says: `${rule.says}: ${match[0].trim()}` })),
  );
  if (name === GRID) found.push(...gridComplaints(code));
  return found.map(({ at, says }) => `${name}:${code.slice(0, at).split("\n").length}: ${says}`);
}

/** In the grid: one door, and every time that the library is given goes through it. */
function gridComplaints(code) {
  const found = [];
  const casts = [...code.matchAll(/\bas (unknown as )?Naive\b/g)];
  if (!/const naive = \(time: Wall \| Day\): Naive => time as string as Naive;/.test(code) && !/const naive = \(time: Wall \| Day\): Naive => time as Naive;/.test(code)) {
    found.push({ at: 0, says: "naive() must take Wall and Day, and nothing else" });
  }
  for (const extra of casts.slice(1)) found.push({ at: extra.index, says: "naive() is the only door: as Naive" });
  for (const block of ["function inputs(", "const options ="]) {
    const start = code.indexOf(block);
    if (start < 0) {
      found.push({ at: 0, says: `where is "${block}"? This lint reads it` });
      continue;
    }
    const body = code.slice(start, code.indexOf("\n  }", start));
    for (const given of body.matchAll(/[{,\s](start|end|date)\s*:\s*(?!naive\()\S+/g)) found.push({ at: start + given.index, says: `goes past naive():${given[0].trimEnd()}` });
  }
  return found;
}

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (/\.(ts|svelte)$/.test(name)) yield path;
  }
}

const folder = process.argv[2] ?? fileURLToPath(new URL("../src/calendar", import.meta.url));
const all = [...files(folder)].flatMap((path) => complaints(relative(folder, path), readFileSync(path, "utf8")));
for (const one of all) console.error(one);
process.exitCode = all.length > 0 ? 1 : 0;
