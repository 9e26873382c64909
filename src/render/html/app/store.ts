import type { TimedSamples } from '../../../embedded/page-columns.ts';
import { type CallTree, callTree } from '../../../profile/call-tree.ts';
import { heavyCallers } from '../../../profile/heavy-callers.ts';
import type { Profile, ValueType } from '../../../profile/profile.ts';
import { rootByThread } from '../../../profile/threads.ts';
import { type TopRow, top } from '../../../profile/top.ts';
import { totalWeight } from '../../../profile/total.ts';
import { selfWeights } from '../../../profile/weights.ts';
import { readSamples } from './data.ts';
import type { PageData } from './decode.ts';
import { type Hits, searchFrames } from './search.ts';

/** Callers of a smaller part of the weight are not looked for: a px is about a thousandth of it. */
export const LEAST_CALLER = 1 / 20_000;

/** What has changed: the samples that count, what is searched for, or the function that is looked at. */
export type Change = 'data' | 'search' | 'function';

/** What a person chose, for all views at once. */
export interface Choice {
  /** Index into the value types. */
  readonly value: number;
  /** Index into the threads; -1 = all. */
  readonly thread: number;
  /** Nanoseconds since the first sample; undefined = all. */
  readonly span: Span | undefined;
  /** '' = no search. */
  readonly term: string;
  /** Index into the palette's groups; -1 = none singled out. */
  readonly group: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Holds what was chosen and what follows from it; each is worked out when it is first asked for. */
export class Store {
  readonly data: PageData;
  private chosen: Choice;
  private readonly listeners: ((change: Change) => void)[] = [];
  private readonly worked = new Map<string, unknown>();
  private reading: Promise<TimedSamples | undefined> | undefined;
  private timed: TimedSamples | undefined;
  private looked: TopRow | undefined;

  constructor(data: PageData) {
    this.data = data;
    const { valueIndex, search } = data.summary;
    this.chosen = { value: valueIndex, thread: -1, span: undefined, term: search, group: -1 };
  }

  get choice(): Choice {
    return this.chosen;
  }

  get valueType(): ValueType {
    return this.data.summary.valueTypes[this.chosen.value]!;
  }

  onChange(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  choose(part: Partial<Choice>): void {
    const before = this.chosen;
    this.chosen = { ...before, ...part };
    const { value, thread, span, term, group } = this.chosen;
    if (value !== before.value || thread !== before.thread || span !== before.span) {
      this.worked.clear();
      this.tell('data');
    } else if (term !== before.term || group !== before.group) {
      this.worked.delete('hits');
      this.tell('search');
    }
  }

  /** The function whose callers and callees are shown. */
  get function(): TopRow | undefined {
    return this.looked;
  }

  lookAt(row: TopRow | undefined): void {
    this.looked = row;
    this.tell('function');
  }

  /** The samples with their times, read when they are first asked for; undefined where there are none. */
  times(): Promise<TimedSamples | undefined> {
    this.reading ??= readSamples(this.data.summary).then((timed) => {
      this.timed = timed;
      return timed;
    });
    return this.reading;
  }

  /** The samples that count, by the chosen value type alone. */
  profile(): Profile {
    return this.once('profile', () => {
      const { profile } = this.data;
      const { value, thread } = this.chosen;
      const { samples } = profile;
      const counted = this.valuesInSpan(value);
      const values =
        thread < 0 ? counted : counted.map((weight, row) => (samples.thread![row] === thread ? weight : 0));
      return { ...profile, valueTypes: [this.valueType], samples: { ...samples, values: [values] } };
    });
  }

  total(): number {
    return this.once('total', () => totalWeight(this.profile()));
  }

  /** The functions with weight, hottest first. */
  functions(): readonly TopRow[] {
    return this.once('functions', () => top(this.profile()));
  }

  /** Of each frame of the page's profile its row of {@link functions}; -1 = it has no weight. */
  functionOf(): Int32Array {
    return this.once('functionOf', () => {
      const rows = new Map(this.functions().map((row, i) => [functionKey(row), i]));
      const { frames, strings } = this.data.profile;
      return Int32Array.from({ length: frames.length }, (_, frame) => {
        const words = {
          name: strings[frames.name[frame]!]!,
          file: strings[frames.file[frame]!]!,
          line: frames.line[frame]!,
          module: strings[frames.module[frame]!]!,
        };
        return rows.get(functionKey(words)) ?? -1;
      });
    });
  }

  /** The stacks of a flame graph, from the program's start on or from where the time was spent. */
  flame(callers: boolean): { profile: Profile; tree: CallTree } {
    return this.once(callers ? 'callers' : 'flame', () => {
      const profile = callers ? heavyCallers(this.profile(), selfWeights(this.profile()), LEAST_CALLER) : this.rooted();
      return { profile, tree: callTree(profile) };
    });
  }

  /** undefined = nothing is searched for. */
  hits(): Hits | undefined {
    const { term, group } = this.chosen;
    if (group >= 0) {
      return this.once('hits', () => ({
        frames: Uint8Array.from(this.data.group, (own) => (own === group ? 1 : 0)),
        note: '',
      }));
    }
    return term === '' ? undefined : this.once('hits', () => searchFrames(this.data.profile, term));
  }

  private rooted(): Profile {
    const { threads } = this.data.profile;
    const several = this.chosen.thread < 0 && threads.length > 1;
    return several && this.data.summary.threadRoots ? rootByThread(this.profile(), 'name') : this.profile();
  }

  private valuesInSpan(value: number): Float64Array {
    const { span } = this.chosen;
    const all = this.data.profile.samples.values[value] as Float64Array;
    if (span === undefined || this.timed === undefined) return all;
    const { length, sum, time, values } = this.timed;
    const sums = new Float64Array(all.length);
    const weights = values[value]!;
    for (let row = 0; row < length; row++) {
      if (time[row]! >= span.from && time[row]! < span.to) sums[sum[row]!]! += weights[row]!;
    }
    return sums;
  }

  private once<Result>(name: string, work: () => Result): Result {
    if (!this.worked.has(name)) this.worked.set(name, work());
    return this.worked.get(name) as Result;
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}

/** One text for each function, as {@link top} tells them apart. */
export function functionKey({ name, file, line, module }: Pick<TopRow, 'name' | 'file' | 'line' | 'module'>): string {
  return [name, file, line, module].join('\n');
}
