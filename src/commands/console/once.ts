import { AssertionJudge, type AssertionVerdict } from '../../console/assertions.ts';
import { LoopHistory } from '../../console/loop-history.ts';
import type { Recording } from '../../console/recording.ts';
import type { ConsoleSnapshot } from '../../console/snapshot.ts';
import type { ConsoleSource, SourceEnd } from '../../console/source.ts';
import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { onInterrupts } from '../../processes/interrupts.ts';
import { bytes, duration, share } from '../../render/console/quantities.ts';
import { snapshotText } from '../../render/console/snapshot-text.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import type { ConsoleOptions } from './options.ts';

const DEFAULT_SECONDS = 5;

/** What a while of watching has shown. */
export interface Watching {
  readonly last: ConsoleSnapshot;
  /** Undefined where we have left a program that goes on, or ended one ourselves. */
  readonly end: SourceEnd | undefined;
  readonly verdicts: readonly AssertionVerdict[];
}

/** What was seen so far. */
class Seen {
  readonly history = new LoopHistory();
  readonly judge: AssertionJudge;
  first: ConsoleSnapshot | undefined;
  last: ConsoleSnapshot | undefined;

  constructor({ assert }: ConsoleOptions) {
    this.judge = new AssertionJudge(assert ?? []);
  }

  add(snapshot: ConsoleSnapshot): void {
    this.first ??= snapshot;
    this.last = snapshot;
    this.history.add(snapshot);
    this.judge.see(snapshot);
  }
}

/**
 * Watches without a screen, until the time is over, the program has ended, or the person presses Ctrl-C, and prints the
 * last snapshot.
 * @param see called with each snapshot
 * @throws {UserError} 125: not one snapshot came
 */
export async function watchOnce(
  call: Call,
  source: ConsoleSource,
  options: ConsoleOptions,
  see: (snapshot: ConsoleSnapshot) => void,
  progress: Progress,
): Promise<Watching> {
  const seen = new Seen(options);
  let isOver = false;
  source.onSnapshot((snapshot) => {
    // What a program still tells while it is ended is no part of what was asked for
    if (isOver) return;
    seen.add(snapshot);
    see(snapshot);
  });
  const end = await until(source, options.for ?? DEFAULT_SECONDS, progress);
  isOver = true;
  const last = await print(call, seen, options);
  if (last === undefined) {
    throw new UserError(end?.text ?? 'nothing has been seen', {
      hint: end === undefined ? 'watch for longer: --for 10s' : 'it was over before there was anything to tell',
      exitCode: end?.exitCode || EXIT.cannotCollect,
    });
  }
  return { last, end, verdicts: seen.judge.verdicts() };
}

/** Reads a recording to its end, and prints its last snapshot. @throws {UserError} none of it can be read */
export async function readOnce(
  call: Call,
  recording: Recording,
  options: ConsoleOptions,
  progress: Progress,
): Promise<Watching> {
  const seen = new Seen(options);
  let broken: UserError | undefined;
  for (let i = 0; i < recording.length; i++) {
    try {
      seen.add(recording.at(i));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      broken ??= error;
      progress.say(`note: left out: ${error.message}`);
    }
  }
  for (const note of recording.notes) progress.say(`note: ${note}`);
  const last = await print(call, seen, options);
  // A recording holds at least one: none of them could be read
  if (last === undefined) throw broken!;
  return { last, end: undefined, verdicts: seen.judge.verdicts() };
}

/** @returns how the source ended, where it did by itself */
async function until(source: ConsoleSource, seconds: number, progress: Progress): Promise<SourceEnd | undefined> {
  let timer: NodeJS.Timeout | undefined;
  let ticker: NodeJS.Timeout | undefined;
  let release = (): void => {};
  try {
    return await Promise.race([
      source.ended,
      new Promise<undefined>((done) => {
        timer = setTimeout(() => done(undefined), seconds * 1000);
        release = onInterrupts(() => done(undefined));
        const from = performance.now();
        ticker = setInterval(() => {
          const left = Math.ceil(seconds - (performance.now() - from) / 1000);
          progress.show(`watching, ${left} s left; Ctrl-C: enough`);
        }, 250);
      }),
    ]);
  } finally {
    clearTimeout(timer);
    clearInterval(ticker);
    release();
    progress.end();
  }
}

/** @returns the snapshot that was printed, the last */
async function print(
  { world, shared }: Call,
  { first, last, history }: Seen,
  { color, once, flame }: ConsoleOptions,
): Promise<ConsoleSnapshot | undefined> {
  if (first === undefined || last === undefined) return undefined;
  // Where only a picture was asked for it is enough
  const isText = once === true || flame === undefined;
  if (!shared.json && (shared.quiet || !isText)) return last;
  const chunks = shared.json
    ? [`${JSON.stringify(last, null, 2)}\n`]
    : snapshotText(last, history.until(last.time), last.time - first.time, textLook(world, true, color));
  await openOutput('-', world).write(chunks);
  return last;
}

/** Tells what was not kept. @returns whether all assertions are kept */
export function tellVerdicts(verdicts: readonly AssertionVerdict[], progress: Progress): boolean {
  for (const { assertion, value, unit, kept, needs } of verdicts) {
    if (needs !== undefined) {
      progress.say(
        `NOT KEPT: ${assertion.text}: ${assertion.metric} cannot be told before ${needs} s of watching: give --for ${needs + 5}s or more`,
      );
      continue;
    }
    const seen = value === undefined ? 'was not measured' : `was ${written(value, unit)}`;
    progress.say(`${kept ? 'kept' : 'NOT KEPT'}: ${assertion.text}: ${assertion.metric} ${seen}`);
  }
  return verdicts.every(({ kept }) => kept);
}

function written(value: number, unit: AssertionVerdict['unit']): string {
  switch (unit) {
    case 'time':
      return duration(value);
    case 'share':
      return share(value);
    case 'bytes':
      return bytes(value);
    default:
      return String(value);
  }
}
