import type { CountedPart, CounterRow, NotCounted, PerfMetric } from '../../profile/counters/counter-row.ts';
import { groupedNumber, NUMBER, plainNumber } from './text-numbers.ts';

/** What one line of the text layout says, its numbers still as perf printed them. */
export interface TextRow {
  readonly event: string;
  readonly unit: string;
  /** A number in groups, or one of perf's two words for none; undefined on lines that only add a metric. */
  readonly value: string | undefined;
  readonly variance: string | undefined;
  readonly percentRunning: string | undefined;
  readonly metric: { readonly value: string; readonly unit: string } | undefined;
  readonly interval: string | undefined;
  readonly of: CountedPart | undefined;
}

const VALUE = `(${NUMBER}|<not (?:supported|counted)>)`;
/** `%6lu.%09lu`, a point in every locale. */
const INTERVAL = /^ *(\d+\.\d{9})(?: |$)/;
/** Ends of lines: ` ( +-  0.12% )`, ` (83.33%)`; until perf 3.14 ` [83.33%]`. */
const VARIANCE = /\s+\(\s*\+-\s*([\d.,]+|-?nan|inf)\s*%\s*\)\s*$/;
const SHARE = /\s+[([]\s*(\d+[.,]\d+)\s*%\s*[)\]]\s*$/;
const COUNT = new RegExp(`^\\s*${VALUE}(\\s+)(\\S.*)$`);
const METRIC = /^\s*(-?\d+(?:[.,]\d+)?|-?nan|-?inf)(?:(%)|\s)\s*(.*)$/;

/** Names with blanks, from before perf had its names of today (2008): util names in builtin-stat.c of linux 2.6.31. */
const OLD_NAMES: ReadonlyMap<string, { readonly event: string; readonly unit: string }> = new Map([
  ['task clock ticks', { event: 'task-clock', unit: 'msec' }],
  ['task-clock-msecs', { event: 'task-clock', unit: 'msec' }],
  ['cpu clock ticks', { event: 'cpu-clock', unit: 'msec' }],
  ['cpu-clock-msecs', { event: 'cpu-clock', unit: 'msec' }],
  ['context switches', { event: 'context-switches', unit: '' }],
  ['CPU-migrations', { event: 'cpu-migrations', unit: '' }],
  ['CPU migrations', { event: 'cpu-migrations', unit: '' }],
  ['page faults', { event: 'page-faults', unit: '' }],
  ['pagefaults', { event: 'page-faults', unit: '' }],
  ['CPU cycles', { event: 'cycles', unit: '' }],
  ['cache references', { event: 'cache-references', unit: '' }],
  ['cache misses', { event: 'cache-misses', unit: '' }],
  ['branch misses', { event: 'branch-misses', unit: '' }],
]);

/** Sampling units of sysfs and perf's JSON events (`.unit`), to tell `Joules power/energy-pkg/` from an event with a cgroup. */
const UNIT =
  /^(?:[mnu]?sec|[mnu]?s|[mnu]?Joules|[mnu]?J|[KMGT]?i?B|[Bb]ytes|[mu]?W|[mu]?Watts|C|°C|%|[KMG]?Hz|counts?|events?|pages)$/;

/**
 * Reads one line of a counter as `perf stat` prints it for people, of perf 2.6.31 to 6.x (util/stat-display.c):
 *
 *     [time] [part [processors]] value [unit] event [cgroup] [# metric] [( +- variance% )] [(percent running%)]
 *
 * @returns undefined where the line is no such row
 */
export function textRow(line: string): TextRow | undefined {
  let rest = line.trimEnd();
  const interval = INTERVAL.exec(rest)?.[1];
  if (interval !== undefined) rest = rest.slice(INTERVAL.exec(rest)![0].length);
  let of: CountedPart | undefined;
  [of, rest] = partOf(rest);
  const share = SHARE.exec(rest);
  if (share) rest = rest.slice(0, share.index);
  const variance = VARIANCE.exec(rest);
  if (variance) rest = rest.slice(0, variance.index);
  // Before perf 3.15 the two came the other way round
  const inner = share ?? SHARE.exec(rest);
  if (!share && inner) rest = rest.slice(0, inner.index);
  const sign = /(?:\s|^)#\s/.exec(rest);
  const before = sign === null ? rest : rest.slice(0, sign.index);
  const metric = sign === null ? undefined : metricOf(rest.slice(sign.index + sign[0].length));
  const ends = { variance: variance?.[1], percentRunning: inner?.[1], metric, interval };
  if (before.trim() === '' || /^\s*TopdownL\d\b/.test(before)) {
    return metric && { ...ends, event: '', unit: '', value: undefined, of };
  }
  const count = COUNT.exec(before);
  if (!count) return undefined;
  const [, value, gap, words] = count;
  const named = nameOf(words!.trimEnd(), gap!);
  if (named === undefined) return undefined;
  const { cgroup, ...name } = named;
  if (cgroup !== undefined) of ??= { kind: 'cgroup', name: cgroup };
  return { ...ends, ...name, value, of };
}

/** The row in numbers. @param decimals as {@link groupedNumber} has it */
export function rowOfText(row: TextRow, decimals: '.' | ',' | undefined): CounterRow {
  const value = row.value ?? '<not counted>';
  const none: NotCounted | undefined = value.startsWith('<') ? (value.slice(1, -1) as NotCounted) : undefined;
  const metric = textMetric(row);
  const variance = row.variance === undefined ? Number.NaN : plainNumber(row.variance);
  return {
    event: row.event,
    unit: row.unit,
    value: none ?? groupedNumber(value, decimals),
    metrics: metric === undefined ? [] : [metric],
    ...(Number.isNaN(variance) ? {} : { variancePercent: variance }),
    ...(row.percentRunning === undefined ? {} : { percentRunning: plainNumber(row.percentRunning) }),
    ...(row.interval === undefined ? {} : { interval: Number(row.interval) }),
    ...(row.of === undefined ? {} : { of: row.of }),
  };
}

/** The metric of a line; undefined where it has none, or none that is a number. */
export function textMetric({ metric }: TextRow): PerfMetric | undefined {
  if (metric === undefined) return undefined;
  const value = plainNumber(metric.value);
  return Number.isNaN(value) ? undefined : { value, unit: metric.unit };
}

/** `36.09% frontend cycles idle`, `2.914 GHz`, `10.3 %  tma_retiring`, as perf's CSV names their units. */
function metricOf(text: string): { value: string; unit: string } | undefined {
  const match = METRIC.exec(text);
  if (!match) return undefined;
  const [, value, percent, words] = match;
  const unit = words!.trim().replace(/\s+/g, ' ');
  return { value: value!, unit: unit === '' && percent ? '%' : unit };
}

function nameOf(words: string, gap: string): { event: string; unit: string; cgroup?: string } | undefined {
  const known = OLD_NAMES.get(words);
  if (known) return known;
  const [first, second, ...others] = words.split(/\s+/);
  // perf 3.0 to 3.14 leaves out the unit
  if (second === undefined) return { event: first!, unit: /^(?:cpu|task)-clock(?::\w+)?$/.test(first!) ? 'msec' : '' };
  // Until perf 4.16 `task-clock (msec)`
  const bracketed = /^\((\w+)\)$/.exec(second)?.[1];
  if (bracketed !== undefined) return { event: first!, unit: bracketed };
  // A unit stands one blank behind the count; where there is none its column is left blank
  if (gap === ' ' && UNIT.test(first!)) {
    return { event: second, unit: first!, ...(others[0] === undefined ? {} : { cgroup: others[0] }) };
  }
  return others.length === 0 && /\S\s{2,}|\s\//.test(words) ? { event: first!, unit: '', cgroup: second } : undefined;
}

const PART_NAMES: readonly [RegExp, CountedPart['kind']][] = [
  [/^S\d+(?:-D\d+)?(?:-CLS\d+)?(?:-L\d+-ID\d+)?-C\d+$/, 'core'],
  [/^S\d+-D\d+-CLS\d+$/, 'cluster'],
  [/^S\d+-D\d+(?:-L\d+-ID\d+)?$/, 'die'],
  [/^S\d+$/, 'socket'],
  [/^N\d+$/, 'node'],
  [/^CPU\d+$/, 'cpu'],
];

const PART = new RegExp(`^ *([SN]\\d[-\\w]*|CPU\\d+)\\s+(?:(\\d+)\\s{2,}(?=\\s*${VALUE}\\s))?`);
const THREAD = new RegExp(`^ *(\\S.{0,15}?)-(\\d+)\\s{2,}(?=${VALUE}\\s)`);

/** What stands before the count: the part that was counted. @returns it and the rest of the line */
function partOf(text: string): [CountedPart | undefined, string] {
  const match = PART.exec(text);
  const kind = match && PART_NAMES.find(([pattern]) => pattern.test(match[1]!))?.[1];
  if (match && kind) {
    const processors = match[2] === undefined ? {} : { processors: Number(match[2]) };
    return [{ kind, name: match[1]!, ...processors }, text.slice(match[0].length)];
  }
  // `%16s-%-8d`: the name may hold anything, so the column counts first
  const column = text[16] === '-' ? /^-\d+\s/.exec(text.slice(16)) : null;
  if (column) {
    const end = 16 + column[0].length;
    const name = text.slice(0, end).trim();
    if (name[0] !== '-') return [{ kind: 'thread', name }, text.slice(end)];
  }
  const thread = THREAD.exec(text);
  if (thread) return [{ kind: 'thread', name: `${thread[1]}-${thread[2]}` }, text.slice(thread[0].length)];
  return [undefined, text];
}
