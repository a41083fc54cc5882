/** What was typed and not saved, on the pages that are open. */
const typing = new Set<() => boolean>();

/** Counts in a form for as long as it stands there. Returns what ends it, so it fits into an `$effect`. */
export function counts(dirty: () => boolean): () => void {
  typing.add(dirty);
  return () => typing.delete(dirty);
}

export function unsaved(): boolean {
  return [...typing].some((dirty) => dirty());
}

/** Asks before what was typed is lost. */
export function mayLose(): boolean {
  return !unsaved() || confirm("You have changes that are not saved. Leave without them?");
}
