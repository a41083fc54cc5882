import type { Schemas } from "@hourkeep/client";

/** What the words around it call it: an event is a session without clients. */
export type Noun = "session" | "event";

export const nounOf = ({ clients }: Pick<Schemas["Session"], "clients">): Noun => (clients.length === 0 ? "event" : "session");

/** `the session with Robin Ray`, `the event “Team meeting”`. */
export function called({ noun, name }: { noun: Noun; name: string }): string {
  return noun === "event" ? `the event “${name}”` : `the session with ${name}`;
}
