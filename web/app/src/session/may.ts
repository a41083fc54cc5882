import type { Schemas } from "@hourkeep/client";
import { nounOf } from "./noun.js";

/** What may still be changed of a session, by where it stands (P9); of a new one, anything. */
export type May = { placement: boolean; details: boolean; link: boolean; reminders: boolean; invites: boolean; cancel: boolean; outcome: boolean };

export function mayBeChanged(session: Pick<Schemas["Session"], "status" | "clients"> | undefined): May {
  const status = session?.status;
  const scheduled = status === undefined || status === "scheduled";
  const running = status === "due" || status === "underway";
  const over = status === "awaiting_outcome" || status === "closed";
  return {
    placement: scheduled,
    details: scheduled || over,
    link: scheduled || running || over,
    reminders: scheduled,
    invites: scheduled,
    cancel: status !== undefined && (scheduled || running),
    outcome: (status === "underway" || over) && session !== undefined && nounOf(session) === "session",
  };
}

/** Why the rest can't be changed. */
export function whyNot({ status, clients }: Pick<Schemas["Session"], "status" | "clients">): string | undefined {
  const left = `the link and the ${nounOf({ clients }) === "event" ? "notes" : "instructions"}`;
  switch (status) {
    case "due":
      return `It is due to start: only ${left} can still be changed. It can be cancelled.`;
    case "underway":
      return `It is under way: only ${left} can still be changed. It can be cancelled.`;
    case "awaiting_outcome":
    case "closed":
      return "It is over: time, professional and room stay. What you change now is kept in its history as a correction.";
    case "cancelled":
      return "It is cancelled. That can't be undone; book it anew instead.";
    case "deleted":
      return "It was deleted as a mistake, and stays in the history only.";
    default:
      return undefined;
  }
}
