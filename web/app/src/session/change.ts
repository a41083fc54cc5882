import type { Schemas } from "@hourkeep/client";
import { api, ask, ifMatch } from "../api/api.js";
import { DETAILS, PLACEMENT, TIME, changes, recipientsOf, servicesOf, startOf, type Form } from "./form.js";
import { underOneKey } from "./once.js";

export type Scope = "this" | "this_and_following";
export type OnConflict = "stop" | "skip" | "keep";

export type Wish = {
  before: Form;
  form: Form;
  currency: string;
  scope: Scope;
  /** The rule from then on, if it is another. */
  rule: string | undefined;
  sendUpdates: boolean;
  allowOverlap: boolean;
  onConflict: OnConflict;
  exceptions: "keep" | "reset";
  reason: string;
};

export type Step = "moved" | "edited" | "invited";

export function isMoved(wish: Pick<Wish, "before" | "form" | "rule">): boolean {
  return wish.rule !== undefined || changes(wish.before, wish.form).some((field) => (PLACEMENT as readonly string[]).includes(field));
}

export function timeChanges(before: Form, form: Form): boolean {
  return changes(before, form).some((field) => (TIME as readonly string[]).includes(field));
}

/** The steps that bring a session from what it was to what the form says, in the order in which they are taken. */
export function stepsOf(wish: Pick<Wish, "before" | "form" | "rule">): Step[] {
  const fields = changes(wish.before, wish.form) as string[];
  const steps: Step[] = [];
  // The move first: it is what may be refused, and then nothing is done.
  if (isMoved(wish)) steps.push("moved");
  if (DETAILS.some((field) => fields.includes(field))) steps.push("edited");
  if (wish.form.invites && (fields.includes("invites") || fields.includes("recipients"))) steps.push("invited");
  return steps;
}

/** Takes one step. Answers the session as it is then, with what the server warns of. */
export async function take(step: Step, session: Schemas["Session"], wish: Wish): Promise<Schemas["Session"]> {
  const path = { id: session.id };
  const answer = await underOneKey([step, session.id, session.revision, wish], (key) => {
    const params = { path, header: { ...ifMatch(session), "Idempotency-Key": key } };
    if (step === "moved") return ask(api().POST("/v1/sessions/{id}/reschedule", { params, body: moveBody(wish, session) }));
    if (step === "edited") return ask(api().PATCH("/v1/sessions/{id}", { params, body: editBody(wish, session) }));
    return ask(api().POST("/v1/sessions/{id}/invites", { params, body: { recipients: recipientsOf(wish.form), scope: wish.scope } }));
  });
  return "starts_at" in answer ? answer : showSession(session.id);
}

export function showSession(id: string): Promise<Schemas["Session"]> {
  return ask(api().GET("/v1/sessions/{id}", { params: { path: { id } } }));
}

function moveBody(wish: Wish, session: Schemas["Session"]): Schemas["RescheduleBody"] {
  const { before, form, scope } = wish;
  const start = startOf(form);
  if (!start) throw new RangeError("a session needs a start");
  const differs = (field: keyof Form) => before[field] !== form[field];
  return {
    local_start: start,
    ...(form.utc_offset ? { utc_offset: form.utc_offset } : {}),
    ...(differs("zone") ? { time_zone: form.zone } : {}),
    ...(differs("length") ? { length_minutes: form.length } : {}),
    ...(differs("practitioner_id") ? { practitioner_id: form.practitioner_id } : {}),
    ...(differs("room_id") ? { room_id: form.room_id || null } : {}),
    ...(session.invited ? { send_updates: wish.sendUpdates } : {}),
    ...(wish.reason.trim() ? { reason: wish.reason.trim() } : {}),
    scope,
    ...(scope === "this"
      ? { allow_overlap: wish.allowOverlap }
      : { on_conflict: wish.onConflict, exceptions: wish.exceptions, ...(wish.rule ? { rule: wish.rule } : {}) }),
  };
}

function editBody(wish: Wish, session: Schemas["Session"]): Schemas["EditBody"] {
  const { form, scope, currency } = wish;
  const fields = changes(wish.before, form) as string[];
  const all: Record<(typeof DETAILS)[number], object> = {
    title: { title: form.title.trim() || null },
    type_id: { event_type_id: form.type_id || null },
    services: { services: servicesOf(form, currency) },
    location_id: { location_id: form.location_id || null },
    direct: { direct: form.direct },
    url: { url: form.url.trim() || null },
    instructions: { instructions: form.instructions.trim() || null },
    reminders: { reminders: form.reminders },
  };
  const changed = DETAILS.filter((field) => fields.includes(field)).map((field) => all[field]);
  return {
    ...Object.assign({}, ...changed),
    scope,
    ...(session.invited ? { send_updates: wish.sendUpdates } : {}),
    ...(wish.reason.trim() ? { reason: wish.reason.trim() } : {}),
  };
}

/** Whether what speaks against an occurrence keeps it from being booked, unless it is said what to do. */
export function isBlocked(one: Schemas["ForeseenOccurrence"]): boolean {
  return one.conflicts.some((conflict) => conflict.blocks);
}
