import type { Schemas } from "@hourkeep/client";
import { api, ask, changedSince, ifMatch } from "../api/api.js";
import { changed } from "../api/live.svelte.js";
import { inWords } from "../api/problem.js";
import { wall } from "../time/wall.js";
import { dayInWords, timeInWords, when } from "../time/words.js";
import { toast } from "../ui/toasts.svelte.js";
import { showSession } from "./change.js";

type Session = Schemas["Session"];

/** Says that a session was booked, with Undo where nobody was told: it is deleted, as what was entered by mistake. */
export function sayBooked(session: Session, undone: () => void): void {
  const text = `Booked for ${when(wall(session.local_start))}.`;
  if (session.invited) toast(text);
  else toast(text, { action: { label: "Undo", run: () => void takeBack(session, undone) } });
}

async function takeBack(session: Session, undone: () => void): Promise<void> {
  const params = { path: { id: session.id }, header: ifMatch(session) };
  try {
    await ask(api().POST("/v1/sessions/{id}/delete", { params, body: {} }));
    changed();
    undone();
    toast("The booking is undone.");
  } catch (error) {
    if (changedSince(error)) toast("It was changed since, so the booking stays. Open the session to change it.", { kind: "bad" });
    else toast(inWords(error).detail, { kind: "bad" });
  }
}

/** Says that a session was moved, with Undo where nobody was told: what was mailed can't be called back. */
export function sayMoved(before: Session, after: Session, { told }: { told: boolean }): void {
  const text = `Moved to ${dayInWords(wall(after.local_start))}, ${timeInWords(wall(after.local_start))}.`;
  if (told) toast(text);
  else toast(text, { action: { label: "Undo", run: () => void moveBack(before, after) } });
}

async function moveBack(before: Session, after: Session): Promise<void> {
  try {
    const latest = await showSession(before.id);
    if (latest.revision !== after.revision) {
      toast("It was changed since, so the move stays. Open the session to change it.", { kind: "bad" });
      return;
    }
    const { local_start, time_zone, utc_offset, length_minutes, practitioner_id } = before;
    const body = {
      local_start, time_zone, utc_offset, length_minutes, practitioner_id, room_id: before.room_id ?? null,
      // It stood there before, whatever stood beside it.
      allow_overlap: true,
      ...(latest.invited ? { send_updates: false } : {}),
    };
    await ask(api().POST("/v1/sessions/{id}/reschedule", { params: { path: { id: before.id }, header: ifMatch(latest) }, body }));
    changed();
    toast("Moved back.");
  } catch (error) {
    toast(inWords(error).detail, { kind: "bad" });
  }
}
