import { api, ask } from "../api/api.js";
import { whenChanged } from "../api/live.svelte.js";

/** How much of the inbox nobody has seen to. */
export const waiting = $state({ count: 0, more: false });

async function count(): Promise<void> {
  try {
    const page = await ask(api().GET("/v1/inbox", { params: { query: { limit: 50 } } }));
    waiting.count = page.items.length;
    waiting.more = !!page.next_cursor;
  } catch {
    // The badge keeps what it showed; the page behind it says what is wrong.
  }
}

/** Keeps the number up to date. Returns what ends it. */
export function openInbox(): () => void {
  void count();
  return whenChanged(() => void count());
}
