import { type AllocationPoints, METRICS, type Metric, type PointFrame } from '../../profile/allocation-points.ts';
import type { FrameWords } from '../../profile/builder.ts';
import { Float64Column, Int32Column } from '../../profile/columns.ts';
import { FormatError, type Input } from '../format.ts';
import { jsonArray, jsonNumber, jsonObject, jsonString, readJson, wrongType } from '../json-stream/input.ts';
import { type JsonList, NumberList } from '../json-stream/list.ts';
import { ALL, members, type Shape } from '../json-stream/shape.ts';
import { parseLabel } from '../massif/labels.ts';
import { AccessCounts, MANY_ACCESSES } from './access-counts.ts';

const VERSION = 2;
/** dhat counts the accesses of blocks up to this size. */
const LARGEST_COUNTED = 1024;

const HEADER = [
  ...['dhatFileVersion', 'mode', 'verb', 'bklt', 'bkacc', 'bu', 'bsu', 'bksu', 'tu', 'Mtu', 'tuth', 'cmd', 'pid'],
  ...['te', 'tg'],
] as const;

/** Metrics of blocks whose lifetimes are known (`bklt`), and of those whose accesses are (`bkacc`). */
const OF_LIFETIMES: readonly Metric[] = ['tl', 'mb', 'mbk', 'gb', 'gbk', 'eb', 'ebk'];
const OF_ACCESSES: readonly Metric[] = ['rb', 'wb'];

/**
 * Reads what `valgrind --tool=dhat` or the crate dhat of Rust wrote: JSON, version 2 (dhat/dh_main.c of valgrind, "File
 * format notes"). Points are kept as columns as they come in.
 * @throws {FormatError} not JSON, cut off, another version, a member that is missing or of a wrong type
 */
export async function readDhat(input: Input): Promise<AllocationPoints> {
  const points = new PointReader(input);
  const frames: PointFrame[] = [];
  const value = await readJson(input, (machine) => {
    const at = (): string => machine.path();
    const fields: Record<string, Shape> = {
      pps: {
        items: members({
          ...Object.fromEntries(METRICS.map(({ id }) => [id, ALL])),
          fs: ALL,
          acc: { numbers: () => new NumberList() },
        }),
        opened: () => points.start(),
        each: (point) => points.add(point, at),
      },
      ftbl: {
        opened: () => {
          frames.length = 0;
        },
        each: (text) => frames.push(new TableFrame(jsonString(input, at, text))),
      },
    };
    for (const key of HEADER) fields[key] = ALL;
    return members(fields);
  });
  const file = jsonObject(input, '$', value);
  const text = (key: string): string => jsonString(input, `$.${key}`, file[key]);
  const number = (key: string): number => jsonNumber(input, `$.${key}`, file[key]);
  const flag = (key: string): boolean => {
    if (typeof file[key] === 'boolean') return file[key];
    throw wrongType(input, `$.${key}`, 'true or false', file[key]);
  };
  const version = number('dhatFileVersion');
  if (version !== VERSION) {
    throw new FormatError(
      input,
      '$.dhatFileVersion',
      `version ${version} of dhat's format is not read, only version ${VERSION}`,
      'record it anew with valgrind 3.17 or newer, or dhat 0.3 or newer',
    );
  }
  jsonArray(input, '$.pps', file.pps);
  jsonArray(input, '$.ftbl', file.ftbl);
  const lifetimes = flag('bklt');
  const accesses = flag('bkacc');
  const units = {
    ...(file.bu === undefined ? {} : { one: text('bu') }),
    ...(file.bsu === undefined ? {} : { many: text('bsu') }),
    ...(file.bksu === undefined ? {} : { blocks: text('bksu') }),
  };
  return {
    mode: text('mode'),
    verb: text('verb'),
    command: text('cmd'),
    pid: number('pid'),
    timeUnit: text('tu'),
    bigTimeUnit: text('Mtu'),
    end: number('te'),
    ...(lifetimes ? { peak: number('tg'), shortLived: number('tuth') } : {}),
    ...(Object.keys(units).length === 0 ? {} : { units }),
    frames,
    ...points.columns(frames.length, lifetimes, accesses),
  };
}

/** A line of the table of frames. Most are never shown: what is only for show is made when it is asked for. */
class TableFrame implements PointFrame {
  readonly text: string;
  readonly allocator: boolean;
  readonly plumbing: boolean;
  private known: FrameWords | undefined;

  constructor(text: string) {
    const { words, plumbing } = parseLabel(text);
    this.text = text;
    this.allocator = /\/vgpreload_dhat-[\w-]+\.so$/.test(words.module ?? '');
    this.plumbing = plumbing;
  }

  get words(): FrameWords {
    this.known ??= parseLabel(this.text).words;
    return this.known;
  }

  get address(): string {
    return /^(0x[0-9A-Fa-f]+): /.exec(this.text)?.[1] ?? '';
  }
}

type Columns = Pick<AllocationPoints, 'length' | 'values' | 'stack' | 'stackStart' | 'accesses'>;

/** Program points as columns; what each must have is known when the whole file is read. */
class PointReader {
  private readonly input: Input;
  private length = 0;
  /** NaN where a point has no such member. */
  private values = new Map<Metric, Float64Column>();
  private stack = new Int32Column();
  private stackStart = new Int32Column();
  private accesses = new AccessCounts();

  constructor(input: Input) {
    this.input = input;
  }

  start(): void {
    this.length = 0;
    this.values = new Map(METRICS.map(({ id }) => [id, new Float64Column()]));
    this.stack = new Int32Column();
    this.stackStart = new Int32Column();
    this.stackStart.push(0);
    this.accesses = new AccessCounts();
  }

  add(value: unknown, at: () => string): void {
    const { input } = this;
    const point = jsonObject(input, at, value);
    for (const [metric, column] of this.values) {
      const path = (): string => `${at()}.${metric}`;
      const number = point[metric];
      if (number !== undefined && !(jsonNumber(input, path, number) >= 0)) {
        throw new FormatError(input, path(), `${number} is no number of blocks or bytes`);
      }
      column.push(number === undefined ? Number.NaN : (number as number));
    }
    const stack = jsonArray(input, () => `${at()}.fs`, point.fs);
    for (let i = 0; i < stack.length; i++) {
      const frame = stack.at(i);
      if (!Number.isInteger(frame) || (frame as number) < 0 || (frame as number) > 0x7fffffff) {
        throw wrongType(input, () => `${at()}.fs[${i}]`, 'the number of a frame', frame);
      }
      this.stack.push(frame as number);
    }
    this.stackStart.push(this.stack.length);
    if (point.acc !== undefined) {
      const path = (): string => `${at()}.acc`;
      this.accesses.add(this.length, this.unrolled(jsonArray(input, path, point.acc), path));
    }
    this.length++;
  }

  /** Counts by byte: `-3, 5` stands for three fives. */
  private unrolled(list: JsonList, path: () => string): number[] {
    const counts: number[] = [];
    for (let i = 0; i < list.length; i++) {
      const number = jsonNumber(this.input, path, list.at(i));
      const repeats = number < 0 ? -number : 1;
      const count = number < 0 ? jsonNumber(this.input, path, list.at(++i)) : number;
      if (
        !Number.isInteger(repeats) ||
        !(count >= 0 && count <= MANY_ACCESSES) ||
        counts.length + repeats > LARGEST_COUNTED
      ) {
        throw new FormatError(this.input, path(), `these are no accesses to the bytes of a block (number ${i + 1})`);
      }
      for (let n = 0; n < repeats; n++) counts.push(count);
    }
    return counts;
  }

  /** @throws {FormatError} a point lacks what the header says it has, or names a frame that is not there */
  columns(frames: number, lifetimes: boolean, accesses: boolean): Columns {
    const wanted: readonly Metric[] = [
      ...(['tb', 'tbk'] as const),
      ...(lifetimes ? OF_LIFETIMES : []),
      ...(accesses ? OF_ACCESSES : []),
    ];
    const values = new Map<Metric, Float64Array>();
    for (const metric of wanted) {
      const column = this.values.get(metric)!.toArray();
      const missing = column.findIndex(Number.isNaN);
      if (missing >= 0) throw wrongType(this.input, `$.pps[${missing}].${metric}`, 'a number', undefined);
      values.set(metric, column);
    }
    const stack = this.stack.toArray();
    const stackStart = this.stackStart.toArray();
    const bad = stack.findIndex((frame) => frame >= frames);
    if (bad >= 0) {
      const point = stackStart.findIndex((start) => start > bad) - 1;
      const path = `$.pps[${point}].fs[${bad - stackStart[point]!}]`;
      throw new FormatError(this.input, path, `there is no frame ${stack[bad]}: $.ftbl has ${frames}`);
    }
    return { length: this.length, values, stack, stackStart, accesses: this.accesses };
  }
}
