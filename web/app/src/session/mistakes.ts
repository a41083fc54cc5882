import type { Schemas } from "@hourkeep/client";
import { isBlocked, type OnConflict } from "./change.js";
import { startOf, type Form } from "./form.js";
import { notAnAmount, readAmount } from "../money.js";
import type { May } from "./may.js";

type Context = {
  isNew: boolean;
  currency: string;
  may: May;
  recurs: boolean;
  rule: string | undefined;
  preview: Schemas["SeriesPreview"] | undefined;
  onConflict: OnConflict;
  decisions: Record<string, OnConflict>;
};

/** What is missing before it can be sent, by field, in words. */
export function mistakesOf(form: Form, { isNew, currency, may, recurs, rule, preview, onConflict, decisions }: Context): Record<string, string> {
  const all: Record<string, string> = {};
  if (!form.practitioner_id) all.practitioner = form.event ? "Choose whose time it takes." : "Choose who treats.";
  if (may.placement) {
    if (!form.date) all.date = "Choose a date.";
    if (!form.start) all.start = "Type a time such as 9:07.";
    else if (form.date && !startOf(form)) all.date = "Choose a date that exists.";
    if (form.length < 1 || form.length > 1440) all.length = "It lasts at least a minute and at most a day.";
    else if (form.end_by_hand && form.length > 720) all.length = "The end is before the start.";
    if (!form.zone) all.zone = "Choose a time zone.";
  }
  if (!form.event) ofClients(all, form, { currency, may });
  if (isNew && recurs) {
    if (!rule) all.rule = "Say when it repeats.";
    const stops = preview?.occurrences.some((one) => isBlocked(one) && (decisions[one.local_start] ?? onConflict) === "stop");
    if (stops) all.conflicts = "Some of the times are taken. Skip them, book them all the same, or choose another time.";
  }
  return all;
}

/** What only a session with a client has. */
function ofClients(all: Record<string, string>, form: Form, { currency, may }: Pick<Context, "currency" | "may">): void {
  if (!form.client_id) all.client = "Choose the client, or create one by typing a name.";
  if (may.invites && form.invites && form.recipients.length === 0) {
    all.recipients = "Invites need at least one recipient. Choose one, add someone for this session, or switch invites off.";
  }
  // What cannot be read is never taken for the list price.
  if (form.services.some(({ service_id, price }) => service_id && price.trim() !== "" && readAmount(price, currency) === undefined)) {
    all.services = notAnAmount(currency);
  }
}
