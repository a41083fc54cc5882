import { here } from "../api/here.svelte.js";
import type { Form } from "./form.js";

/**
 * What was typed and not saved: it outlives a reload and a time-out in this tab, and is offered again. Each person and practice has
 * drafts of its own.
 */
function key(session: string | undefined): string {
  return ["hourkeep.draft", here.me.practice_id, here.me.role, here.me.practitioner_id ?? "", session ?? "new"].join(" ");
}

export function keepDraft(session: string | undefined, form: Form): void {
  try {
    sessionStorage.setItem(key(session), JSON.stringify(form));
  } catch {
    // No room, or not allowed: then nothing is kept.
  }
}

export function dropDraft(session: string | undefined): void {
  sessionStorage.removeItem(key(session));
}

/** The draft, if it is one of the form as it is now. */
export function readDraft(session: string | undefined, like: Form): Form | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key(session)) ?? "null");
    if (typeof kept !== "object" || kept === null) return undefined;
    const fits = (Object.keys(like) as (keyof Form)[]).every((field) => typeof (kept as Form)[field] === typeof like[field]);
    return fits ? (kept as Form) : undefined;
  } catch {
    return undefined;
  }
}
