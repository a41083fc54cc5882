import { ICONS, type IconName } from "./icons.js";

/** The colours that an event type can have, by the names of the API. */
export const COLOURS: Record<string, { words: string; token: string }> = {
  blue: { words: "Blue", token: "client" },
  pink: { words: "Pink", token: "video" },
  orange: { words: "Orange", token: "non-client" },
  purple: { words: "Purple", token: "team" },
  teal: { words: "Teal", token: "accent" },
  green: { words: "Green", token: "good" },
  yellow: { words: "Yellow", token: "warn" },
  grey: { words: "Grey", token: "muted" },
};

/** The pictures that an event type can have, by the names of the API: those of the icons. */
export const PICTURES: Partial<Record<IconName, string>> = {
  person: "Person", people: "People", video: "Camera", phone: "Telephone", house: "House", document: "Document", calendar: "Calendar", clock: "Clock",
  cup: "Cup", book: "Book", car: "Car", star: "Star",
};

/** The look of a category, unless a type has another. */
export const USUAL = {
  client: { colour: "blue", icon: "person" },
  video: { colour: "pink", icon: "video" },
  non_client: { colour: "orange", icon: "calendar" },
  team: { colour: "purple", icon: "people" },
} as const;

/** Sets `--ink` and `--paper`; a colour that a newer server knows is grey. */
export function painted(colour: string): string {
  const token = COLOURS[colour]?.token ?? "muted";
  return `--ink: var(--${token}); --paper: var(--${token === "muted" ? "sunken" : `${token}-weak`})`;
}

/** The drawing of a picture; one that a newer server knows is a calendar. */
export function drawing(picture: string): IconName {
  return picture in ICONS ? (picture as IconName) : "calendar";
}
