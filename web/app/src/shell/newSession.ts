import { toast } from "../ui/toasts.svelte.js";

type Sessions = typeof import("../session/open.js");

/** Opens the editor, which is loaded when it is first needed. */
export const newSession = (options: Parameters<Sessions["openEditor"]>[0] = {}): Promise<void> => opened((sessions) => sessions.openEditor(options));

/** Asks whether to cancel a session. */
export const cancelSession = (session_id: string): Promise<void> => opened((sessions) => sessions.openCancel({ session_id }));

async function opened(open: (sessions: Sessions) => unknown): Promise<void> {
  let sessions: Sessions;
  try {
    sessions = await import("../session/open.js");
  } catch {
    toast("The editor could not be loaded. Check your connection and try again.", { kind: "bad" });
    return;
  }
  await open(sessions);
}
