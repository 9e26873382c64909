import type { JsonValue } from '../../bench/json-value.ts';
import type { KeptResult } from '../../history/entry.ts';
import { type Measurements, type Quantity, type Subject, subjectOf } from '../../history/measurements.ts';
import { meanOf } from './bench.ts';

/** What `--json` of a command holds. */
type Reader = (json: JsonValue) => Measurements;

/** By the `format` or `kind` that the commands write. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['perf-stat', counters],
  ['massif', massif],
  ['dhat', dhat],
  ['heapsnapshot', snapshot],
]);

/** @returns undefined where it is of none of these commands */
export function commandMeasurements(json: JsonValue | undefined): Measurements | undefined {
  if (json?.isObject !== true) return undefined;
  for (const key of ['format', 'kind']) {
    const word = json.get(key);
    const reader = word?.isText ? READERS.get(word.text()) : undefined;
    if (reader !== undefined) return reader(json);
  }
  return undefined;
}

/** Counters that say more of the machine and of chance than of the program: no series is made of them. */
const OF_THE_MACHINE = /switches|migrations|blocks|major-faults/;

/** `perf-stat --json`: every run is there, so that means have intervals. */
function counters(json: JsonValue): Measurements {
  const quantities = new Map<string, Quantity>();
  const keptNames = new Map<string, string>();
  for (const counter of json.at('counters').list()) {
    const name = counter.at('name').text();
    const quantity = ofRuns(counter, unitOf(counter.get('unit')?.text() ?? ''));
    if (quantity === undefined) continue;
    quantities.set(name, quantity);
    if (!OF_THE_MACHINE.test(name)) keptNames.set(name, name);
  }
  for (const one of json.get('derived')?.list() ?? []) {
    const unit = one.get('unit')?.text() ?? '';
    const quantity = ofRuns(one, unit.startsWith('%') ? '%' : 'count');
    if (quantity !== undefined) quantities.set(one.at('name').text(), quantity);
  }
  return one('stat', quantities, keptNames);
}

function unitOf(unit: string): string {
  return unit === '' ? 'count' : unit === 'msec' ? 'ms' : unit;
}

function ofRuns(entry: JsonValue, unit: string): Quantity | undefined {
  const value = entry.get('value');
  if (value === undefined) return undefined;
  const values = entry.get('values')?.numbers();
  return values === undefined || values.length < 2
    ? { value: value.number(), unit, better: 'smaller' }
    : meanOf(values, unit, value.number());
}

const bytes = (value: number): Quantity => ({ value, unit: 'bytes', better: 'smaller' });
const count = (value: number): Quantity => ({ value, unit: 'count', better: 'smaller' });

/** `massif --json`: the heap at its largest and at the end. */
function massif(json: JsonValue): Measurements {
  const quantities = new Map<string, Quantity>();
  // Massif marks a peak within its accuracy; the largest snapshot is the largest
  for (const [name, key] of [
    ['peak', 'maximum'],
    ['end', 'end'],
  ] as const) {
    const total = json.get(key)?.get('total');
    if (total !== undefined) quantities.set(name, bytes(total.number()));
  }
  return one('massif', quantities, new Map([...quantities.keys()].map((stat) => [stat, `heap ${stat}`])));
}

/** dhat's totals, by the ids of its file format: `tb` total bytes, `gbk` blocks at the global maximum, ... */
const DHAT: ReadonlyMap<string, readonly [stat: string, of: (value: number) => Quantity, kept?: string]> = new Map([
  ['tb', ['totalBytes', bytes, 'allocated bytes']],
  ['tbk', ['totalBlocks', count, 'allocations']],
  ['gb', ['peakBytes', bytes, 'heap peak']],
  ['gbk', ['peakBlocks', count]],
  ['eb', ['endBytes', bytes, 'heap end']],
  ['ebk', ['endBlocks', count]],
  ['rb', ['readBytes', bytes]],
  ['wb', ['writtenBytes', bytes]],
]);

function dhat(json: JsonValue): Measurements {
  const quantities = new Map<string, Quantity>();
  const keptNames = new Map<string, string>();
  for (const [id, total] of json.at('totals').entries()) {
    const known = DHAT.get(id);
    if (known === undefined) continue;
    const [stat, of, kept] = known;
    quantities.set(stat, of(total.number()));
    if (kept !== undefined) keptNames.set(stat, kept);
  }
  return one('dhat', quantities, keptNames);
}

/** `heap SNAPSHOT --json`: the whole, and its classes as far as they were told. */
function snapshot(json: JsonValue): Measurements {
  const quantities = new Map<string, Quantity>();
  for (const [key, of] of [
    ['bytes', bytes],
    ['nodes', count],
    ['edges', count],
  ] as const) {
    const value = json.get(key);
    if (value !== undefined) quantities.set(key, of(value.number()));
  }
  const whole = one('heap', quantities, new Map([['bytes', 'heap size']]));
  const classes = (json.get('classes')?.list() ?? []).map((entry): Subject => {
    const objects = entry.at('count').number();
    const retained = entry.at('retained').number();
    const numbers = new Map<string, Quantity>([
      ['count', count(objects)],
      ['shallow', bytes(entry.at('shallow').number())],
      ['retained', bytes(retained)],
      ...(objects > 0 ? ([['each', bytes(retained / objects)]] as const) : []),
    ]);
    return subjectOf('class', entry.at('name').text(), numbers);
  });
  return { ...whole, subjects: [...whole.subjects, ...classes] };
}

function one(
  kind: string,
  quantities: ReadonlyMap<string, Quantity>,
  keptNames: ReadonlyMap<string, string>,
): Measurements {
  const kept = [...keptNames].map(([stat, name]): KeptResult => ({ name, ...quantities.get(stat)! }));
  return {
    subjects: [subjectOf(kind, '', quantities, { keptNames })],
    kept: kept.filter(({ value }) => Number.isFinite(value)),
    notes: [],
  };
}
