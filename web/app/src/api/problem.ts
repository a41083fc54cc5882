import { isProblem, type Problem } from "@hourkeep/client";

/** An answer that is not 2xx. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    /** What the API said; none where something on the way answered. */
    readonly problem: Problem | undefined,
  ) {
    super(problem?.detail ?? `The server answered ${status}.`);
  }

  /** Whether it is this kind: `refused.is("overlap")`. */
  is(name: string): boolean {
    return this.problem?.type === `/problems/${name}`;
  }
}

/** No answer at all: whether anything changed is not known, and the request can be repeated with its key. */
export class Offline extends Error {
  constructor() {
    super("The server does not answer.");
  }
}

/** Reads what was answered. */
export function refusal(status: number, body: unknown): Refused {
  return new Refused(status, isProblem(body) ? body : undefined);
}

/** Whatever was thrown, as people read it. */
export function inWords(error: unknown): { title: string; detail: string } {
  if (error instanceof Offline) return { title: "No connection", detail: "Hourkeep does not answer. Check your connection and try again." };
  if (error instanceof Refused && error.problem) return { title: error.problem.title, detail: sentence(error.problem.detail) };
  if (error instanceof Refused) return { title: "Something went wrong", detail: `Hourkeep answered with an error (${error.status}). Try again in a moment.` };
  return { title: "Something went wrong", detail: "This page met an error of its own. Reload it, and tell us if it stays." };
}

/**
 * What a refusal says about one field, by JSON pointer: `fieldError(error, "/contacts/0/email")`. With `within`, also about what
 * lies inside it: `/services` for `/services/0/price_minor`.
 */
export function fieldError(error: unknown, pointer: string, { within = false } = {}): string | undefined {
  const problem = error instanceof Refused ? error.problem : undefined;
  const at = problem?.pointer;
  if (!problem || at === undefined || at === null) return undefined;
  return at === pointer || (within && at.startsWith(`${pointer}/`)) ? sentence(problem.detail) : undefined;
}

/** Whether a refusal points at one of these fields (or inside one), and so is shown there and need not be said again. */
export function pointsAt(error: unknown, pointers: readonly string[]): boolean {
  return pointers.some((pointer) => fieldError(error, pointer, { within: true }) !== undefined);
}

/** `first_name must not be empty.` → `First name must not be empty.` */
function sentence(detail: string): string {
  const words = detail.replace(/^url\b/, "the link").replace(/\b[a-z]+(?:_[a-z]+)+\b(?!_)/g, (name) => name.replaceAll("_", " "));
  return words.charAt(0).toUpperCase() + words.slice(1);
}
