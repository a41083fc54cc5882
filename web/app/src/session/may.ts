/** What may still be changed of a session, by where it stands (P9). */
export type May = { placement: boolean; details: boolean; link: boolean; reminders: boolean; invites: boolean; cancel: boolean; outcome: boolean };

export function mayBeChanged(status: string | undefined): May {
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
    outcome: status === "underway" || over,
  };
}

/** Why the rest can't be changed. */
export function whyNot(status: string): string | undefined {
  switch (status) {
    case "due":
      return "It is due to start: only the link and the instructions can still be changed. It can be cancelled.";
    case "underway":
      return "It is under way: only the link and the instructions can still be changed. It can be cancelled.";
    case "awaiting_outcome":
    case "closed":
      return "It is over: time, professional and room stay. What you change now is kept in its history as a correction.";
    case "cancelled":
      return "It is cancelled. That can't be undone; book a new session instead.";
    case "deleted":
      return "It was deleted as a mistake, and stays in the history only.";
    default:
      return undefined;
  }
}
