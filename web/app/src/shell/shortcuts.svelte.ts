const KEPT = "hourkeep.shortcuts";

/**
 * Whether keys without Ctrl or Alt do something, such as `n`. Whoever speaks to their computer can turn them off (WCAG 2.1.4).
 */
export const shortcuts = $state({ on: localStorage.getItem(KEPT) !== "off" });

export function turnShortcuts(on: boolean): void {
  shortcuts.on = on;
  localStorage.setItem(KEPT, on ? "on" : "off");
}
