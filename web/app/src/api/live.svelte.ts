/**
 * What tells a page that something changed elsewhere. Every few seconds, while the page can be seen, one question is asked for
 * all who wait; when its answer differs from the last, they look again.
 */
type Mark = string | number;

const EVERY = 4_000;
type Callback = (byMe: boolean) => void;
const waiting = new Set<Callback>();
const asking = new Set<Callback>();
let timer: ReturnType<typeof setTimeout> | undefined;
let seen: Mark | undefined;
let beats = 0;

/**
 * Answers a mark that differs once something has changed. Until the API has a cheap one (`GET /v1/changes`), each beat may have
 * brought a change: every fourth one is taken for one.
 */
let look: () => Promise<Mark> = () => Promise.resolve(Math.floor(++beats / 4));

/** Plugs in the question. */
export function askForChangesBy(question: () => Promise<Mark>): void {
  look = question;
  seen = undefined;
}

/** Calls back when something may have changed, and says whether it was changed here. Returns what ends it, so it fits into an `$effect`. */
export function whenChanged(callback: Callback): () => void {
  waiting.add(callback);
  schedule();
  return () => {
    waiting.delete(callback);
    if (waiting.size + asking.size === 0) pause();
  };
}

/** The same at each beat, for whoever asks in a way that costs little when nothing is new: with the tag of the last answer. */
export function eachBeat(callback: Callback): () => void {
  asking.add(callback);
  schedule();
  return () => {
    asking.delete(callback);
    if (waiting.size + asking.size === 0) pause();
  };
}

/** Something was changed here: whoever shows it looks again at once. */
export function changed(): void {
  tell(true);
}

function tell(byMe: boolean): void {
  for (const callback of [...waiting, ...(byMe ? asking : [])]) callback(byMe);
}

async function beat(): Promise<void> {
  timer = undefined;
  for (const callback of [...asking]) callback(false);
  try {
    const mark = await look();
    if (seen !== undefined && mark !== seen) tell(false);
    seen = mark;
  } catch {
    // Offline or signed out: the pages say so themselves when they are used; the next beat tries again.
  }
  schedule();
}

function schedule(): void {
  if (timer === undefined && waiting.size + asking.size > 0 && document.visibilityState === "visible") timer = setTimeout(() => void beat(), EVERY);
}

function pause(): void {
  clearTimeout(timer);
  timer = undefined;
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") pause();
  else if (waiting.size + asking.size > 0 && timer === undefined) void beat();
});
