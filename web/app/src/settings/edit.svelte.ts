import { changedSince, type ask } from "../api/api.js";
import { fieldError } from "../api/problem.js";

type Fields = Record<string, unknown>;

/** What there is to know about records of one kind, for them to be typed, sent and compared. */
export type Kind<R extends { revision: number }, D extends object> = {
  /** What stands in the fields: of a record, or of none yet. */
  draft: (record: R | undefined) => D;
  /** The request's fields. Of a record that is changed, only those that differ are sent. */
  body: (draft: D) => Fields;
  /** What cannot be sent: words by pointer. */
  check?: (draft: D) => Record<string, string>;
  add?: (body: Fields, draft: D) => ReturnType<typeof ask<R>>;
  change: (record: R, body: Fields) => ReturnType<typeof ask<R>>;
  read: (record: R) => ReturnType<typeof ask<R>>;
  /** Its fields in words, by label: to say what someone else changed. */
  words: (record: R) => Record<string, string>;
};

/** One record as it is typed. What is typed stays until it is saved or dropped, whatever is refused. */
export class Edit<R extends { revision: number }, D extends object> {
  seen = $state.raw<R | undefined>();
  draft: D = $state() as D;
  /** Why it was refused. */
  error = $state.raw<unknown>();
  /** The record as someone else left it meanwhile. */
  theirs = $state.raw<R | undefined>();
  busy = $state(false);
  #local = $state.raw<Record<string, string>>({});
  #begun = $state.raw("");
  #base!: D;

  constructor(
    readonly kind: Kind<R, D>,
    record: R | undefined,
  ) {
    this.reset(record);
  }

  reset(record: R | undefined): void {
    this.seen = record;
    this.#base = this.kind.draft(record);
    this.draft = this.kind.draft(record);
    this.#begun = JSON.stringify(this.#base);
    this.error = this.theirs = undefined;
    this.#local = {};
  }

  get dirty(): boolean {
    return JSON.stringify(this.draft) !== this.#begun;
  }

  /** What is wrong with a field. */
  wrong(pointer: string): string | undefined {
    return this.#local[pointer] ?? fieldError(this.error, pointer, { within: true });
  }

  /** What someone else changed, in words. */
  get differences(): { label: string; before: string; now: string }[] {
    if (!this.seen || !this.theirs) return [];
    const [before, now] = [this.kind.words(this.seen), this.kind.words(this.theirs)];
    return Object.keys(now).flatMap((label) => (before[label] === now[label] ? [] : [{ label, before: before[label] ?? "", now: now[label] ?? "" }]));
  }

  /** Sends what differs. Answers the record, or nothing where it was refused. */
  async save(): Promise<R | undefined> {
    if (this.busy) return undefined;
    this.error = this.theirs = undefined;
    this.#local = this.kind.check?.(this.draft) ?? {};
    if (Object.keys(this.#local).length > 0) return undefined;
    this.busy = true;
    const seen = this.seen;
    try {
      const saved = seen ? await this.#change(seen) : await this.kind.add?.(this.kind.body(this.draft), this.draft);
      if (saved) this.reset(saved);
      return saved;
    } catch (error) {
      if (seen && changedSince(error)) this.theirs = await this.kind.read(seen).catch(() => undefined);
      if (!this.theirs) this.error = error;
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /** Sends the same again, now that one knows what someone else changed. */
  again(): Promise<R | undefined> {
    this.seen = this.theirs;
    return this.save();
  }

  async #change(seen: R): Promise<R> {
    const [before, now] = [this.kind.body(this.#base), this.kind.body(this.draft)];
    const differs = Object.fromEntries(Object.entries(now).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field])));
    return Object.keys(differs).length === 0 ? seen : this.kind.change(seen, differs);
  }
}
