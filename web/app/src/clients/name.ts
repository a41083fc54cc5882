/** A client's name as people say it. One of the two is always there. */
export function nameOf(client: { first_name?: string | null; last_name?: string | null }): string {
  return [client.first_name, client.last_name].filter(Boolean).join(" ");
}

/** `guardian` → `Guardian`. */
export const CONTACT_KINDS = [
  { value: "guardian", label: "Guardian" },
  { value: "primary", label: "Primary contact" },
  { value: "other", label: "Other" },
] as const;

export function kindInWords(kind: string): string {
  return CONTACT_KINDS.find((one) => one.value === kind)?.label ?? kind;
}

/** The contacts that invites go to by default (P5). */
export function hasRecipient(client: { contacts: { kind: string; email?: string | null }[] }): boolean {
  return client.contacts.some((contact) => contact.kind !== "other" && contact.email);
}
