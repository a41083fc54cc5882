/** A short message that goes by itself, unless one looks at it. */
export type Toast = { id: number; text: string; kind: "good" | "bad" | "plain"; action?: { label: string; run: () => void } | undefined };

export const toasts = $state<Toast[]>([]);
let last = 0;

/** Says something in passing. Returns what takes it away early. */
export function toast(text: string, options: { kind?: Toast["kind"]; action?: Toast["action"] } = {}): () => void {
  const id = ++last;
  toasts.push({ id, text, kind: options.kind ?? "good", action: options.action });
  return () => dismiss(id);
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id);
  if (index >= 0) toasts.splice(index, 1);
}
