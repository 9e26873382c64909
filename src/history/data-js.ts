import { UserError } from '../errors.ts';
import { inPreviousUnit, type PreviousResult } from './alert-threshold.ts';
import type { KeptResult } from './entry.ts';
import { type CustomBenchmark, customBenchmarks } from './result-files.ts';

/** A person, as the payloads of GitHub's events have them. */
interface Person {
  readonly name: string;
  readonly email: string;
  readonly username: string;
}

/** A commit, as github-action-benchmark keeps it. */
export interface DataJsCommit {
  readonly author: Person;
  readonly committer: Person;
  readonly distinct?: boolean;
  readonly id: string;
  readonly message: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly tree_id?: string;
  readonly url: string;
}

interface DataJsEntry {
  readonly commit: DataJsCommit;
  /** Milliseconds since 1970. */
  readonly date: number;
  readonly tool: string;
  readonly benches: readonly CustomBenchmark[];
}

/** What `window.BENCHMARK_DATA` is. Members that are not known stay as they are. */
export interface DataJs {
  readonly lastUpdate: number;
  readonly repoUrl: string;
  readonly entries: Readonly<Record<string, readonly DataJsEntry[]>>;
}

const PREFIX = 'window.BENCHMARK_DATA = ';
const EMPTY: DataJs = { lastUpdate: 0, repoUrl: '', entries: {} };

/**
 * Reads a history of github-action-benchmark: its `data.js`, or the same as JSON (`external-data-json-path`).
 * @param text undefined: there is none yet
 * @throws {UserError} it is broken: it would be lost when it is written again
 */
export function parseDataJs(text: string | undefined, name: string): DataJs {
  if (text === undefined || text.trim() === '') return EMPTY;
  const wrong = (what: string, cause?: unknown): UserError =>
    new UserError(`${name}: ${what}`, { hint: 'mend it or move it away; it is kept as it is', cause });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\s*window\.BENCHMARK_DATA\s*=\s*/, '').replace(/;?\s*$/, ''));
  } catch (error) {
    throw wrong(`this is no data.js (${(error as Error).message})`, error);
  }
  const { entries } = Object(json) as { readonly entries?: unknown };
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) throw wrong('it has no entries');
  for (const [suite, list] of Object.entries(entries)) {
    const isWhole = (entry: unknown): boolean => {
      const { commit, benches } = Object(entry) as Partial<DataJsEntry>;
      return typeof commit?.id === 'string' && Array.isArray(benches) && benches.every(isBenchmark);
    };
    const odd = Array.isArray(list) ? list.findIndex((entry) => !isWhole(entry)) : 0;
    if (odd >= 0) throw wrong(`entries[${JSON.stringify(suite)}][${odd}] is no result of a commit`);
  }
  return { ...EMPTY, ...(json as DataJs) };
}

function isBenchmark(one: unknown): boolean {
  const { name, value } = Object(one) as Partial<CustomBenchmark>;
  return typeof name === 'string' && typeof value === 'number';
}

/** As the action writes it. @param name of the file: what ends in `.json` is only data */
export function dataJsText(data: DataJs, name: string): string {
  return `${name.endsWith('.json') ? '' : PREFIX}${JSON.stringify(data, null, 2)}`;
}

/** The last entry of a suite that is of another commit: what the action compares with. */
export function previousEntry(data: DataJs, suite: string, commit: string): DataJsEntry | undefined {
  const list = Object.hasOwn(data.entries, suite) ? data.entries[suite]! : [];
  return list.findLast((entry) => entry.commit.id !== commit);
}

/** Finds the result of the same name there. */
export function previousIn(entry: DataJsEntry | undefined): (result: KeptResult) => PreviousResult | undefined {
  const byName = new Map<string, PreviousResult>();
  // The first of a name counts
  for (const bench of [...(entry?.benches ?? [])].reverse()) byName.set(bench.name, bench);
  return ({ name }) => byName.get(name);
}

/** Suites by which way is better: the action's tools have one way each. */
export function suitesOf(suite: string): readonly { readonly better: KeptResult['better']; readonly suite: string }[] {
  const name = suite === '' ? 'Benchmark' : suite;
  return [
    { better: 'smaller', suite: name },
    { better: 'bigger', suite: `${name} (bigger is better)` },
  ];
}

/**
 * Adds results of a commit as github-action-benchmark does: in the units of the commit before, the oldest leave.
 * @param date milliseconds since 1970
 * @param maxItems of each suite; undefined: all stay
 */
export function appendToDataJs(
  data: DataJs,
  results: readonly KeptResult[],
  at: {
    readonly suite: string;
    readonly commit: DataJsCommit;
    readonly date: number;
    readonly repoUrl: string;
    readonly maxItems: number | undefined;
  },
): DataJs {
  const { commit, date, repoUrl, maxItems } = at;
  const entries = new Map(Object.entries(data.entries));
  for (const { better, suite } of suitesOf(at.suite)) {
    const benches = customBenchmarks(results, better);
    if (benches.length === 0) continue;
    const previous = previousIn(previousEntry(data, suite, commit.id));
    const tool = better === 'smaller' ? 'customSmallerIsBetter' : 'customBiggerIsBetter';
    const inUnits = benches.map((bench) => inUnitOf(bench, previous({ ...bench, better })));
    const list = [...(entries.get(suite) ?? []), { commit, date, tool, benches: inUnits }];
    entries.set(suite, maxItems === undefined ? list : list.slice(-maxItems));
  }
  return { ...data, lastUpdate: date, repoUrl: repoUrl || data.repoUrl, entries: Object.fromEntries(entries) };
}

/** `± 3` is in the unit of its value. */
function inUnitOf(bench: CustomBenchmark, previous: PreviousResult | undefined): CustomBenchmark {
  if (previous === undefined) return bench;
  const { value, unit } = inPreviousUnit(bench.value, bench.unit, previous.unit);
  if (unit === bench.unit) return bench;
  const [, sign, digits] = /^(\+-|±)\s*(\d.*)$/.exec(bench.range ?? '') ?? [];
  const range = Number(digits);
  const scaled = inPreviousUnit(range, bench.unit, previous.unit).value;
  return {
    ...bench,
    value,
    unit,
    ...(sign === undefined || Number.isNaN(range) ? {} : { range: `${sign} ${scaled}` }),
  };
}
