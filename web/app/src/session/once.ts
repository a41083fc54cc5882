import { Offline } from "../api/problem.js";

const open = new Map<string, string>();

/**
 * Sends a change under a key that stays the same until the change is answered: whoever presses Save again after the connection was
 * lost does not book twice.
 */
export async function underOneKey<T>(change: unknown, send: (key: string) => Promise<T>): Promise<T> {
  const text = JSON.stringify(change);
  const key = open.get(text) ?? crypto.randomUUID();
  open.set(text, key);
  try {
    const answer = await send(key);
    open.delete(text);
    return answer;
  } catch (error) {
    if (!(error instanceof Offline)) open.delete(text);
    throw error;
  }
}
