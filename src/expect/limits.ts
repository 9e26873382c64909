import { AssertionError } from 'node:assert';
import { limitIn, unitsFor } from '../history/limit-units.ts';
import type { Measured } from './latency.ts';

/** What an expectation gives back where it does not fail. */
export interface Judged extends Measured {
  /** `ns`, `ops/s`, `bytes`, `bytes/s`. */
  readonly unit: string;
  /** `inconclusive`: the interval crosses the limit, so that nobody can tell; no failure. */
  readonly verdict: 'pass' | 'inconclusive';
}

/** Reads `1us`, `256B`, `1M/s`, or a plain number in the unit itself. @throws {TypeError} it is none */
export function limitOf(limit: string | number, unit: string, where: string): number {
  const [, digits, suffix] =
    typeof limit === 'number'
      ? ['', String(limit), '']
      : (/^\s*(\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)\s*([a-zµ/%]*)\s*$/i.exec(limit) ?? []);
  const value = digits === undefined ? undefined : limitIn(Number(digits.replaceAll('_', '')), suffix!, unit);
  if (value !== undefined && Number.isFinite(value) && value > 0) return value;
  throw new TypeError(`${where}: ${JSON.stringify(limit)} is no limit; give a number and one of ${unitsFor(unit)}`);
}

/** An expectation that is held against what was measured. */
export interface Expectation {
  /** `expectLatency`, for messages. */
  readonly title: string;
  readonly unit: string;
  readonly limit: number;
  readonly side: 'under' | 'over';
}

/** Whether it is certain: then no more need be measured. */
export function isKept({ limit, side }: Expectation, { low, high }: Measured): boolean {
  return side === 'under' ? high < limit : low > limit;
}

/** @throws {AssertionError} the whole interval is beyond the limit @param caller whose frames the stack leaves out */
export function judge(expectation: Expectation, measured: Measured, caller: (...words: never[]) => unknown): Judged {
  const { unit, limit, side, title } = expectation;
  const { value, low, high, rounds, samples, calls } = measured;
  if (isKept(expectation, measured)) return { ...measured, unit, verdict: 'pass' };
  const isBeyond = side === 'under' ? low >= limit : high <= limit;
  if (!isBeyond) return { ...measured, unit, verdict: 'inconclusive' };
  const words = (one: number): string => quantity(one, unit);
  const beyond = side === 'under' ? value / limit - 1 : 1 - value / limit;
  const interval = `${words(value)} [${words(low)} .. ${words(high)}]`;
  const each = `${calls} ${calls === 1 ? 'call' : 'calls'}`;
  const how = unit === 'bytes' ? `${rounds} rounds of ${each}` : `${rounds} rounds, ${samples} samples of ${each}`;
  throw new AssertionError({
    message: `${title}: ${interval} is not ${side} ${words(limit)}: ${percent(beyond)} ${side === 'under' ? 'over' : 'under'} it, in all of ${how}`,
    actual: interval,
    expected: `${side === 'under' ? '<' : '>'} ${words(limit)}`,
    operator: side === 'under' ? 'toBeUnder' : 'toBeOver',
    stackStartFn: caller,
  });
}

function percent(part: number): string {
  return `${Number((part * 100).toPrecision(3))} %`;
}

const STEPS: ReadonlyMap<string, readonly (readonly [size: number, name: string])[]> = new Map([
  [
    'ns',
    [
      [1e9, 's'],
      [1e6, 'ms'],
      [1e3, 'µs'],
      [1, 'ns'],
    ] as const,
  ],
  [
    'bytes',
    [
      [1024 ** 3, 'GiB'],
      [1024 ** 2, 'MiB'],
      [1024, 'KiB'],
      [1, 'B'],
    ] as const,
  ],
  [
    'bytes/s',
    [
      [1024 ** 3, 'GiB/s'],
      [1024 ** 2, 'MiB/s'],
      [1024, 'KiB/s'],
      [1, 'B/s'],
    ] as const,
  ],
  [
    'ops/s',
    [
      [1e9, 'G/s'],
      [1e6, 'M/s'],
      [1e3, 'k/s'],
      [1, '/s'],
    ] as const,
  ],
]);

/** Three digits in the unit that fits. */
function quantity(value: number, unit: string): string {
  const steps = STEPS.get(unit)!;
  const [size, name] = steps.find(([least]) => Math.abs(value) >= least) ?? steps.at(-1)!;
  return `${Number((value / size).toPrecision(3))} ${name}`;
}
