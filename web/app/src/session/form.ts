import type { Schemas } from "@hourkeep/client";
import { at, day, plus, wall, wallAt, type Wall } from "../time/wall.js";
import { minutesOf, ofMinutes } from "./clock.js";
import { readAmount, typedAmount } from "../money.js";
import { isForClients } from "../settings/eventTypes.js";
import { nounOf } from "./noun.js";
import type { EditorOptions } from "./open.js";
import { once, sameAs, type Repeats } from "./rule.js";

export type Recipient = { contact_id?: string; name: string; email: string };

/** What stands in the editor. Plain data: it is kept as a draft and compared with what it began with. */
export type Form = {
  type_id: string;
  /** It is without clients. What only sessions have stays here meanwhile, and is not sent. */
  event: boolean;
  /** What an event is called. */
  title: string;
  client_id: string;
  client_name: string;
  practitioner_id: string;
  services: { service_id: string; price: string }[];
  location_id: string;
  room_id: string;
  date: string;
  start: string;
  length: number;
  end_by_hand: boolean;
  zone: string;
  /** Which of two equal wall times; empty is the first. */
  utc_offset: string;
  direct: boolean;
  url: string;
  instructions: string;
  reminders: { days_before: number; channel: string }[];
  invites: boolean;
  recipients: Recipient[];
  repeats: Repeats;
};

export const PLACEMENT = ["date", "start", "length", "zone", "utc_offset", "practitioner_id", "room_id"] as const;
export const TIME = ["date", "start", "length", "zone", "utc_offset"] as const;
export const DETAILS = ["title", "type_id", "services", "location_id", "direct", "url", "instructions", "reminders"] as const;

/** The form of a new session. */
export function blank(options: EditorOptions, defaults: { practitioner_id: string; zone: string; length: number; now: Date }): Form {
  const zone = options.zone ?? defaults.zone;
  const start = options.start ?? nextQuarter(wallAt(defaults.now, zone));
  return {
    type_id: "",
    event: false,
    title: "",
    client_id: options.client_id ?? "",
    client_name: "",
    practitioner_id: options.practitioner_id ?? defaults.practitioner_id,
    services: [],
    location_id: "",
    room_id: options.room_id ?? "",
    date: start.slice(0, 10),
    start: start.slice(11, 16),
    length: options.length_minutes ?? defaults.length,
    end_by_hand: false,
    zone,
    utc_offset: "",
    direct: true,
    url: "",
    instructions: "",
    reminders: [],
    invites: true,
    recipients: [],
    repeats: once(),
  };
}

/** What a new entry is like by its type, as the server would fill it in: whether with clients, presence, service and length. */
export function byType(form: Form, type: Schemas["EventType"], services: readonly Schemas["Service"][], currency: string, usualLength: number): Pick<Form, "event" | "direct" | "services" | "length"> {
  const event = !isForClients(type.category);
  const service = services.find((one) => one.id === type.service_id && one.active);
  const adopts = !event && service !== undefined && form.services.length === 0;
  return {
    event,
    direct: event ? form.direct : type.direct,
    services: adopts ? [{ service_id: service.id, price: typedAmount(service.price_minor, currency) }] : form.services,
    length: type.length_minutes ?? (event ? undefined : lengthOf(adopts ? service.id : form.services[0]?.service_id, services)) ?? usualLength,
  };
}

/** How long a service takes, if it says so. */
export function lengthOf(id: string | undefined, services: readonly Schemas["Service"][]): number | undefined {
  return services.find((one) => one.id === id)?.length_minutes ?? undefined;
}

/** The form of a session as it is. */
export function formOf(session: Schemas["Session"], client: Schemas["Client"] | undefined, name: string, series: Schemas["Series"] | undefined): Form {
  const place = session.occurrence?.place ?? "";
  const before = series ? [...series.sessions.map((one) => one.place), ...series.skipped.map((one) => one.local_start)].filter((one) => one < place).length : 0;
  return {
    type_id: session.event_type_id ?? "",
    event: nounOf(session) === "event",
    title: session.title ?? "",
    client_id: session.clients[0]?.client_id ?? "",
    client_name: name,
    practitioner_id: session.practitioner_id,
    services: session.services.map(({ service_id, price_minor }) => ({ service_id, price: typedAmount(price_minor, session.billing.currency) })),
    location_id: session.location_id ?? "",
    room_id: session.room_id ?? "",
    date: session.local_start.slice(0, 10),
    start: session.local_start.slice(11, 16),
    length: session.length_minutes,
    end_by_hand: false,
    zone: session.time_zone,
    utc_offset: "",
    direct: session.direct,
    url: session.url ?? "",
    instructions: session.instructions ?? "",
    reminders: session.reminders.map(({ days_before, channel }) => ({ days_before, channel })),
    invites: session.invited,
    recipients: session.recipients.map(({ name, email }) => {
      const contact = client?.contacts.find((one) => one.email?.toLowerCase() === email.toLowerCase());
      return { ...(contact ? { contact_id: contact.id } : {}), name: name ?? "", email };
    }),
    repeats: series ? sameAs(series.rule, before) : once(),
  };
}

/** Whom invites go to unless someone says otherwise: the first guardian or primary contact with an address. */
export function contactOfRecord(client: Schemas["Client"]): Recipient[] {
  const contact = client.contacts.find((one) => (one.kind === "guardian" || one.kind === "primary") && one.email);
  return contact?.email ? [{ contact_id: contact.id, name: contact.name, email: contact.email }] : [];
}

/** The wall time of the start, once date and time are there. */
export function startOf(form: Pick<Form, "date" | "start">): Wall | undefined {
  try {
    return form.date && form.start ? at(day(form.date), minutesOf(form.start)) : undefined;
  } catch {
    return undefined;
  }
}

export function endOf(form: Pick<Form, "date" | "start" | "length">): Wall | undefined {
  const start = startOf(form);
  return start && plus(start, form.length);
}

/** The length when the end is set by hand: an end that is not after the start is one of the next day. */
export function lengthUntil(start: string, end: string): number {
  return ((minutesOf(end) - minutesOf(start) + 1440 - 1) % 1440) + 1;
}

export function moveTo(form: Form, time: string): void {
  const start = wall(time);
  form.date = start.slice(0, 10);
  form.start = start.slice(11, 16);
  form.utc_offset = "";
}

export function servicesOf(form: Form, currency: string): Schemas["ServiceBody"][] {
  return form.services.filter(({ service_id }) => service_id).map(({ service_id, price }) => {
    const price_minor = readAmount(price, currency);
    return { service_id, ...(price_minor === undefined ? {} : { price_minor }) };
  });
}

export function recipientsOf(form: Form): Schemas["RecipientBody"][] {
  return form.recipients.map(({ contact_id, name, email }) => (contact_id ? { contact_id } : { email, ...(name ? { name } : {}) }));
}

/** What a new session is booked with; a series' rule stands beside it. */
export function bodyOf(form: Form, currency: string): Schemas["ScheduleBody"] {
  const start = startOf(form);
  if (!start) throw new RangeError("a session needs a start");
  return {
    ...(form.type_id ? { event_type_id: form.type_id } : {}),
    ...(form.event ? ofEvent(form) : ofSession(form, currency)),
    practitioner_id: form.practitioner_id,
    local_start: start,
    time_zone: form.zone,
    length_minutes: form.length,
    ...(form.utc_offset ? { utc_offset: form.utc_offset } : {}),
    room_id: form.room_id || null,
    location_id: form.location_id || null,
    url: form.url.trim() || null,
    instructions: form.instructions.trim() || null,
  };
}

const ofEvent = (form: Form) => ({ clients: [], title: form.title.trim() || null });

const ofSession = (form: Form, currency: string) => ({
  clients: [{ client_id: form.client_id }],
  services: servicesOf(form, currency),
  direct: form.direct,
  reminders: form.reminders,
  invite: form.invites ? { send: true, recipients: recipientsOf(form) } : { send: false },
});

/** Which fields differ. */
export function changes(before: Form, after: Form): (keyof Form)[] {
  return (Object.keys(after) as (keyof Form)[]).filter((field) => field !== "end_by_hand" && JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}

/** What one has changed since `base`, put onto what it is by now. */
export function again(base: Form, mine: Form, fresh: Form): Form {
  const kept = Object.fromEntries(changes(base, mine).map((field) => [field, mine[field]]));
  return { ...fresh, ...kept };
}

function nextQuarter(now: Wall): Wall {
  const minutes = Number(now.slice(14, 16));
  const next = plus(now, 15 - (minutes % 15));
  return wall(`${next.slice(0, 11)}${ofMinutes(minutesOf(next.slice(11, 16)))}`);
}
