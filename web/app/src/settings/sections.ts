import { here } from "../api/here.svelte.js";
import type { IconName } from "../ui/icons.js";

export type Part = "people" | "hours" | "services" | "rooms" | "locations" | "event-types" | "policies" | "sender" | "usage" | "practice";
type Role = "director" | "practitioner" | "front_desk";
export type Section = { part: Part; title: string; icon: IconName; about: string; who: readonly Role[] };

const directors: readonly Role[] = ["director"];
const desk: readonly Role[] = ["director", "front_desk"];

/** The parts of the settings, in the order in which they are shown, and who may change them. Of the hours everyone may change their own. */
export const SECTIONS: readonly Section[] = [
  { part: "people", title: "People", icon: "people", about: "Who works here, and as what.", who: directors },
  { part: "hours", title: "Hours", icon: "clock", about: "When practitioners work, week by week.", who: directors },
  { part: "services", title: "Services", icon: "list", about: "What can be booked, and what it costs.", who: desk },
  { part: "rooms", title: "Rooms", icon: "room", about: "Where sessions take place.", who: desk },
  { part: "locations", title: "Locations", icon: "building", about: "The addresses, as they stand on bills.", who: desk },
  { part: "event-types", title: "Event types", icon: "calendar", about: "The kinds of entries in the calendar.", who: desk },
  { part: "policies", title: "Policies", icon: "settings", about: "The rules of booking, cancelling and reminding.", who: directors },
  { part: "sender", title: "Sender", icon: "mail", about: "Whose name stands on the mails.", who: directors },
  { part: "usage", title: "Usage", icon: "table", about: "What the practice used, month by month.", who: directors },
  { part: "practice", title: "Practice", icon: "archive", about: "Its name, time zone and currency.", who: directors },
];

export function mayChange(part: Part): boolean {
  return !here.me.suspended && (SECTIONS.find((one) => one.part === part)?.who.includes(here.me.role as Role) ?? false);
}

/** Who may, for those who may not. */
export function whoMay(part: Part): string {
  const who = SECTIONS.find((one) => one.part === part)?.who;
  return who === desk ? "Directors and the front desk may change these." : "Only a director may change this.";
}

/** Where one begins: at what one may change. */
export function firstPart(): Part {
  return SECTIONS.find((one) => mayChange(one.part))?.part ?? "hours";
}

export const ROLES: Record<string, string> = { director: "Director", practitioner: "Practitioner", front_desk: "Front desk" };
