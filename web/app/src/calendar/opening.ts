import { toast } from "../ui/toasts.svelte.js";
import type { EditorOptions, MoveOptions } from "../session/open.js";

/** Opens a session, or the editor for a new one; it is fetched when it is first wanted. */
export async function edit(options: EditorOptions): Promise<void> {
  await (await sessions())?.openEditor(options);
}

/** Asks whether and how a session is moved. */
export async function move(options: MoveOptions): Promise<"done" | "dismissed"> {
  return (await (await sessions())?.openMove(options)) ?? "dismissed";
}

/** Asks whether and how a session is cancelled. */
export async function cancel(session_id: string): Promise<void> {
  await (await sessions())?.openCancel({ session_id });
}

/** Asks whether a session that was entered by mistake is deleted. */
export async function remove(session_id: string): Promise<void> {
  await (await sessions())?.openDelete({ session_id });
}

async function sessions(): Promise<typeof import("../session/open.js") | undefined> {
  try {
    return await import("../session/open.js");
  } catch {
    toast("The editor could not be loaded. Check your connection and try again.", { kind: "bad" });
    return undefined;
  }
}
