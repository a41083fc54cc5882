import { mount, tick } from "svelte";
import type { Wall } from "../time/wall.js";
import { show, type Wanted } from "./asked.svelte.js";

/** What the editor begins with. With a `session_id` it goes to that session's next open step. */
export type EditorOptions = {
  session_id?: string;
  client_id?: string;
  practitioner_id?: string;
  room_id?: string;
  start?: Wall;
  /** The zone that is displayed where it was asked for: the default of a new session. */
  zone?: string;
  length_minutes?: number;
};

export type MoveOptions = {
  session_id: string;
  /** Where it is to go; what is left out stays as it is. Wall time of `zone`, or else of the session's own zone. */
  start?: Wall;
  zone?: string;
  practitioner_id?: string;
  room_id?: string;
  length_minutes?: number;
};

/** Opens the editor in a sheet at the side. */
export function openEditor(options: EditorOptions = {}): Promise<"saved" | "dismissed"> {
  return open({ kind: "editor", options });
}

/** Asks whether and how a session is moved, and moves it. */
export function openMove(options: MoveOptions): Promise<"done" | "dismissed"> {
  return open({ kind: "move", options });
}

/** Asks whether and how a session is cancelled, and cancels it. */
export function openCancel(options: { session_id: string }): Promise<"done" | "dismissed"> {
  return open({ kind: "cancel", options });
}

/** Marks what became of a session. */
export function openOutcome(options: { session_id: string }): Promise<"done" | "dismissed"> {
  return open({ kind: "outcome", options });
}

/** Deletes a session that was entered by mistake. */
export function openDelete(options: { session_id: string }): Promise<"done" | "dismissed"> {
  return open({ kind: "delete", options });
}

let host: Promise<void> | undefined;

async function open<Answer extends "saved" | "done">(wanted: Wanted): Promise<Answer | "dismissed"> {
  host ??= put();
  await host;
  return (await show(wanted)) as Answer | "dismissed";
}

/** The host is fetched with the first thing that is opened, unless the page has mounted it already. */
async function put(): Promise<void> {
  const { default: SessionHost } = await import("./SessionHost.svelte");
  if (document.querySelector("[data-session-host]")) return;
  mount(SessionHost, { target: document.body });
  await tick();
}
