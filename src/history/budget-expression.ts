import { BudgetScanner } from './budget-scanner.ts';
import type { CheckLimit } from './check-report.ts';
import { isUnit } from './limit-units.ts';

/** Which names a budget is about. */
export type NamePattern =
  | { readonly kind: 'text'; readonly text: string }
  /** `*` stands for anything. */
  | { readonly kind: 'glob'; readonly text: string }
  | { readonly kind: 'regexp'; readonly pattern: RegExp };

/** What growth is reckoned from. */
export type Reference = 'baseline' | 'history' | 'previous';

/** What a value must keep to. */
type Limit =
  | { readonly kind: 'absolute'; readonly amount: number; readonly unit: string }
  /** `share` 0.05 is 5 % more than the reference. */
  | { readonly kind: 'relative'; readonly share: number; readonly reference: Reference }
  /** So much more than the reference. */
  | { readonly kind: 'more'; readonly amount: number; readonly unit: string; readonly reference: Reference };

/** A budget, read. */
export interface Budget {
  /** As it was written. */
  readonly text: string;
  /** Of that what is measured: `bench.*.median`. */
  readonly selector: string;
  /** `bench`, `load`, `frame`: see {@link SUBJECT_KINDS}. */
  readonly subject: string;
  /** undefined: all of that kind. */
  readonly name: NamePattern | undefined;
  /** `median`, `p(99)`, `total`. */
  readonly stat: string;
  readonly operator: CheckLimit['operator'];
  readonly limit: Limit;
}

/** What can be measured, and what stands behind it; for help and messages. */
export const SUBJECT_KINDS: ReadonlyMap<string, string> = new Map([
  ['bench', 'benchmarks: bench.parse.median, bench.*.mean, bench.parse.rate, bench.*.change'],
  ['run', 'whole commands: run.median, run.memory, run.cpu, run.instructions'],
  ['load', 'HTTP load: load.p(99), load.rps, load.errors'],
  ['stat', "counters of perf-stat: stat.instructions, stat.ipc, stat['page-faults']"],
  ['massif', 'heap over time: massif.peak, massif.end'],
  ['dhat', 'allocations: dhat.totalBytes, dhat.totalBlocks, dhat.peakBytes, dhat.endBytes'],
  ['heap', 'V8 snapshots: heap.bytes, heap.nodes, heap.edges'],
  ['class', "classes of a V8 snapshot: class('Session').count, class(/Map/).retained"],
  ['frame', "functions of a profile: frame('JSON.parse').total, frame(/regexp/).self"],
  ['kind', "kinds of code in a profile: kind('gc').self"],
  ['profile', 'a profile: profile.total, profile.samples'],
  ['file', "files, each: file('dist/*.js').size, file('dist/app.js').gzip, .brotli"],
  ['files', "files together: files('dist/**/*.js').gzip"],
]);

const REFERENCES: ReadonlyMap<string, Reference> = new Map([
  ['baseline', 'baseline'],
  ['history', 'history'],
  ['previous', 'previous'],
]);

/**
 * Reads a budget: what is measured, how it compares, and with what.
 *
 *     bench.parse.median < 1us            frame('JSON.parse').total < 20%
 *     bench.*.median < +5% of baseline    load.p(99) <= 50ms
 *
 * @throws {UserError} it is none: what is wrong and at which column
 */
export function parseBudget(text: string): Budget {
  const scan = new BudgetScanner(text);
  const start = scan.position;
  const subject = scan.word() ?? '';
  if (subject === '') throw scan.wrong('it must begin with what is measured', `one of ${known(SUBJECT_KINDS)}`);
  if (!SUBJECT_KINDS.has(subject)) {
    throw scan.wrong(`'${subject}' is nothing that is measured`, `known are ${known(SUBJECT_KINDS)}`, start);
  }
  const segments = scan.segments();
  const last = segments.pop();
  if (last === undefined || last.pattern.kind === 'regexp') {
    throw scan.wrong(`which number of '${subject}'?`, SUBJECT_KINDS.get(subject)!);
  }
  const stat = last.pattern.text.replace(/^p(\d+(?:\.\d+)?)$/, 'p($1)');
  if (last.isArgument) throw scan.wrong(`which number of '${last.pattern.text}'?`, SUBJECT_KINDS.get(subject)!);
  const selector = text.slice(start, scan.position).trim();
  const operator = scan.operator();
  const limit = limitOf(scan, operator);
  scan.end();
  return {
    text: text.trim(),
    selector,
    subject,
    name: nameOf(segments.map(({ pattern }) => pattern)),
    stat,
    operator,
    limit,
  };
}

function known(map: ReadonlyMap<string, unknown>): string {
  return [...map.keys()].join(', ');
}

/** Bare names may have dots: `bench.json.parse.median` is of `json.parse`. */
function nameOf(patterns: readonly NamePattern[]): NamePattern | undefined {
  const [first] = patterns;
  if (patterns.length <= 1) return first;
  const source = patterns.map((one) =>
    one.kind === 'regexp' ? one.pattern.source : one.kind === 'glob' ? globSource(one.text) : escaped(one.text),
  );
  return { kind: 'regexp', pattern: new RegExp(`^(?:${source.join('\\.')})$`, 'su') };
}

/**
 * Whether a name is meant.
 * @param subject of files `*` stands for a part of a name, `**` for folders; files together are called by their pattern
 */
export function matchesName(pattern: NamePattern | undefined, name: string, subject: string): boolean {
  switch (pattern?.kind) {
    case undefined:
      return true;
    case 'text':
      return pattern.text === name;
    case 'glob':
      if (subject === 'files') return pattern.text === name;
      return (subject === 'file' ? pathPattern(pattern.text) : new RegExp(`^${globSource(pattern.text)}$`, 'su')).test(
        name,
      );
    case 'regexp':
      return subject === 'files' ? String(pattern.pattern) === name : pattern.pattern.test(name);
  }
}

/** `dist/*.js`, `src/` and `**` and `/*.ts`: as shells with globstar have it. */
export function pathPattern(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, '')
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => (part === '**/' ? '(?:.*/)?' : part === '**' ? '.*' : part === '*' ? '[^/]*' : escaped(part)))
    .join('');
  return new RegExp(`^${source}$`, 'su');
}

function globSource(glob: string): string {
  return glob.split('*').map(escaped).join('.*');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** `50ms`, `20%`, `+5% of baseline`, `105% of previous`, `+100us of history`. */
function limitOf(scan: BudgetScanner, operator: Budget['operator']): Limit {
  const { sign, amount, unit, start } = scan.amount();
  if (!Number.isFinite(amount)) throw scan.wrong('that is no number', 'such as 5ms, 64KiB, 20%', start);
  if (unit !== '%' && !isUnit(unit)) {
    throw scan.wrong(`'${unit}' is no unit`, 'such as ns, us, ms, s, B, KiB, MB, k, M, /s, %', start);
  }
  const reference = referenceOf(scan);
  if (sign === '' && reference === undefined) return { kind: 'absolute', amount, unit };
  if (operator === '==' || operator === '!=') {
    throw scan.wrong(`${operator} compares no growth`, 'use <, <=, > or >=', start);
  }
  const signed = sign === '-' ? -amount : amount;
  const from = reference ?? 'baseline';
  if (unit !== '%') {
    if (sign === '')
      throw scan.wrong(`how much of ${from}?`, `write 105% of ${from}, or +${amount}${unit} of ${from}`, start);
    return { kind: 'more', amount: signed, unit, reference: from };
  }
  // 105 % of it is 5 % more; both ways to say it are customary
  return { kind: 'relative', share: sign === '' ? amount / 100 - 1 : signed / 100, reference: from };
}

function referenceOf(scan: BudgetScanner): Reference | undefined {
  if (!scan.keyword('of')) return undefined;
  const start = scan.next();
  const word = scan.word() ?? '';
  const reference = REFERENCES.get(word);
  if (reference === undefined)
    throw scan.wrong(`of what? '${word}' is not known`, `known are ${known(REFERENCES)}`, start);
  return reference;
}
