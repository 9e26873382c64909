import type { FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { Float64Column, Int32Column } from '../../profile/columns.ts';
import { jsKind } from '../../profile/kind.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { CallFrames } from '../frames/call-frames.ts';
import { scriptFile } from '../frames/v8-names.ts';
import type { JsonObject } from '../json-stream/input.ts';
import { BEGIN, type DurationEvents, END, SlicePairing, traceNumber, WHOLE, walkSlices } from './slices.ts';
import { ThreadNumbers, type TraceThreads } from './threads.ts';

/** Events with a duration (`B` and `E`, `X`), as columns: a trace may hold millions. */
export class TraceDurations {
  private readonly input: Input;
  private readonly threads = new ThreadNumbers();
  private readonly calls = new CallFrames();
  private readonly phase = new Int32Column();
  private readonly call = new Int32Column();
  private readonly time = new Float64Column();
  private readonly duration = new Float64Column();
  private readonly thread = new Int32Column();
  /** Where each stands among the events. */
  private readonly index = new Int32Column();
  private count = 0;
  /** Only who wants the durations is told what is wrong with them. */
  private broken: FormatError | undefined;

  constructor(input: Input) {
    this.input = input;
  }

  get length(): number {
    return this.count;
  }

  /** @param path where it stands */
  add(path: () => string, index: number, event: JsonObject): void {
    this.count++;
    if (this.broken) return;
    try {
      this.addRow(path, index, event);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.broken = error;
    }
  }

  private addRow(path: () => string, index: number, event: JsonObject): void {
    const { input } = this;
    const name = typeof event.name === 'string' ? event.name : '';
    const time = traceNumber(input, path, event, 'ts');
    const key = event.dur === undefined ? 'tdur' : 'dur';
    const isWhole = event.ph === 'X';
    const duration = isWhole && event[key] !== undefined ? traceNumber(input, path, event, key) : 0;
    if (duration < 0) throw new FormatError(input, `${path()}.${key}`, `the duration ${duration} is negative`);
    this.phase.push(isWhole ? WHOLE : event.ph === 'B' ? BEGIN : END);
    this.call.push(this.calls.intern(frameWords(name, event.args)));
    this.time.push(time);
    this.duration.push(duration);
    this.thread.push(this.threads.number(event));
    this.index.push(index);
  }

  /**
   * Adds the time of each stack to a builder, as nanoseconds since the first event.
   * @param list where the events stand: `$.traceEvents`
   * @throws {FormatError} a wrong type, or events that overlap all over
   */
  addTo(builder: ProfileBuilder, list: string, names: TraceThreads, notes: Notes): void {
    if (this.broken) throw this.broken;
    const frameOf = this.calls.framesOf(builder);
    const call = this.call.toArray();
    const events: DurationEvents = {
      phase: this.phase.toArray(),
      name: this.calls.words.map(({ name }) => name),
      call,
      time: this.time.toArray(),
      duration: this.duration.toArray(),
      path: (row) => `${list}[${this.index.at(row)}]`,
    };
    let origin = Number.POSITIVE_INFINITY;
    for (const time of events.time) if (time < origin) origin = time;
    const nanoseconds = (micros: number) => Math.round((micros - origin) * 1000);
    const pairing = new SlicePairing();
    const values = [0];
    let overlaps = 0;
    const { first } = this.threads;
    ThreadNumbers.rows(this.thread.toArray(), first.length).forEach((rows, number) => {
      const thread = builder.thread(names.thread(first[number]!));
      overlaps += walkSlices(
        this.input,
        pairing.pair(events, rows),
        (caller, row) => builder.stack(caller, frameOf(call[row]!)),
        (stack, start, end) => {
          const time = nanoseconds(start);
          values[0] = nanoseconds(end) - time;
          builder.sample(stack, values, time, thread);
        },
      );
    });
    pairing.note(notes);
    if (overlaps > 0) notes.add(`events that end before one that started in them: ${overlaps}`);
  }
}

/** Hermes and DevTools say in `args` where the function stands. */
function frameWords(name: string, args: unknown): FrameWords {
  const { url, funcLine, funcColumn, line, column } = (
    typeof args === 'object' && args !== null ? args : {}
  ) as JsonObject;
  if (typeof url !== 'string' || url === '') return { name };
  const file = scriptFile(url);
  return { name, file, line: position(funcLine ?? line), column: position(funcColumn ?? column), kind: jsKind(file) };
}

function position(value: unknown): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number > 0 && number < 0x7fffffff ? number : 0;
}
