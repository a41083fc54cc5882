import type { Schemas } from "@hourkeep/client";
import { kindInWords } from "./name.js";

/** A client as it is typed. */
export type Draft = {
  first_name: string;
  last_name: string;
  time_zone: string;
  remindByEmail: boolean;
  practitioner_ids: string[];
  contacts: DraftContact[];
};
export type DraftContact = { key: string; id?: string; kind: string; name: string; email: string; phone: string };

let keys = 0;
export const newContact = (kind = "primary"): DraftContact => ({ key: `new-${++keys}`, kind, name: "", email: "", phone: "" });

export function draftOf(client: Schemas["Client"] | undefined): Draft {
  return {
    first_name: client?.first_name ?? "",
    last_name: client?.last_name ?? "",
    time_zone: client?.time_zone ?? "",
    remindByEmail: client?.reminder_channels.includes("email") ?? true,
    practitioner_ids: [...(client?.practitioner_ids ?? [])],
    contacts:
      client?.contacts.map(({ id, kind, name, email, phone }) => ({ key: id, id, kind, name, email: email ?? "", phone: phone ?? "" })) ?? [],
  };
}

type Wish = Pick<Schemas["NewClientBody"], "first_name" | "last_name" | "time_zone"> & {
  reminder_channels: string[];
  practitioner_ids: string[];
  contacts: Schemas["ContactBody"][];
};

/** What is typed, as the API takes it. */
export function wishOf(draft: Draft): Wish {
  const given = (text: string) => text.trim() || null;
  return {
    first_name: given(draft.first_name),
    last_name: given(draft.last_name),
    time_zone: given(draft.time_zone),
    reminder_channels: draft.remindByEmail ? ["email"] : [],
    practitioner_ids: draft.practitioner_ids,
    contacts: draft.contacts.map(({ id, kind, name, email, phone }) => ({
      ...(id && { id }), kind, name: name.trim(), email: given(email), phone: given(phone),
    })),
  };
}

/** Only what was changed: the rest stays as others may have changed it. */
export function changesOf(before: Draft, now: Draft): Partial<Wish> {
  const [was, is] = [wishOf(before), wishOf(now)];
  return Object.fromEntries(Object.entries(is).filter(([part, value]) => JSON.stringify(value) !== JSON.stringify(was[part as keyof Wish])));
}

const PARTS: Record<keyof Wish, string> = {
  first_name: "First name",
  last_name: "Last name",
  time_zone: "Time zone",
  reminder_channels: "Reminders",
  practitioner_ids: "Practitioners",
  contacts: "Contacts",
};

/** What someone else changed meanwhile, in words: `Last name: Lane → Laine`. */
export function differencesInWords(before: Draft, now: Draft, nameOf: (practitioner: string) => string): string[] {
  const said = (part: keyof Wish, draft: Draft): string => {
    const wish = wishOf(draft);
    if (part === "contacts") return wish.contacts.map((one) => `${one.name} (${[kindInWords(one.kind), one.email, one.phone].filter(Boolean).join(", ")})`).join("; ");
    if (part === "practitioner_ids") return wish.practitioner_ids.map(nameOf).join(", ");
    if (part === "reminder_channels") return wish.reminder_channels.join(", ");
    return wish[part] ?? "";
  };
  return (Object.keys(changesOf(before, now)) as (keyof Wish)[]).map((part) => `${PARTS[part]}: ${said(part, before) || "none"} → ${said(part, now) || "none"}`);
}
