import type { EditorOptions, MoveOptions } from "./open.js";

/** What was asked to be shown. */
export type Wanted =
  | { kind: "editor"; options: EditorOptions }
  | { kind: "move"; options: MoveOptions }
  | { kind: "cancel" | "outcome" | "delete"; options: { session_id: string } };

export type Answer = "saved" | "done" | "dismissed";

type Asked = { id: number; wanted: Wanted; answer: (answer: Answer) => void };

/** What is shown, the topmost last: the editor may have the cancel dialog above it. */
export const asked = $state<Asked[]>([]);
let last = 0;

/** Shows it and answers how it ended. */
export function show(wanted: Wanted): Promise<Answer> {
  return new Promise((resolve) => {
    const id = ++last;
    asked.push({
      id,
      wanted,
      answer(answer) {
        const index = asked.findIndex((one) => one.id === id);
        if (index >= 0) asked.splice(index, 1);
        resolve(answer);
      },
    });
  });
}
