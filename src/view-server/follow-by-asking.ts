import { setTimeout as sleep } from 'node:timers/promises';

/** A database is read whole each time. */
const ASK_MS = 3_000;

export interface Asking<Answer> {
  readonly ask: () => Promise<Answer>;
  readonly isSame: (a: Answer, b: Answer) => boolean;
  readonly show: (answer: Answer) => void;
  /** Gets what is wrong, once until an answer comes again; that is shown then. */
  readonly failed: (error: unknown) => void;
  /** Ends the asking. */
  readonly signal: AbortSignal;
}

/**
 * Asks for what no file tells the changes of, every few seconds, and shows an answer that is another one than the last.
 * @param first what is shown already
 */
export async function followByAsking<Answer>(
  first: Answer,
  { ask, isSame, show, failed, signal }: Asking<Answer>,
): Promise<void> {
  let shown: Answer | undefined = first;
  for (;;) {
    await sleep(ASK_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const answer = await ask();
      if (shown === undefined || !isSame(answer, shown)) show(answer);
      shown = answer;
    } catch (error) {
      if (shown !== undefined) failed(error);
      shown = undefined;
    }
  }
}
