import { nanosecondsPerUnit } from '../profile/units.ts';

/** Units of limits, and how many of the measured unit each is. Sizes go by 1024, as everywhere in this tool. */
const UNITS: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map([
  [
    'ns',
    new Map([
      ['ns', 1],
      ['us', 1e3],
      ['µs', 1e3],
      ['ms', 1e6],
      ['s', 1e9],
      ['min', 60e9],
      ['h', 3600e9],
    ]),
  ],
  [
    'bytes',
    new Map([
      ['b', 1],
      ['bytes', 1],
      ...['k', 'm', 'g', 't'].flatMap((letter, i): [string, number][] => [
        [`${letter}b`, 1024 ** (i + 1)],
        [`${letter}ib`, 1024 ** (i + 1)],
      ]),
    ]),
  ],
  [
    'count',
    new Map([
      ['', 1],
      ['k', 1e3],
      ['m', 1e6],
      ['g', 1e9],
    ]),
  ],
]);

/** Whether it may stand behind the number of a limit; what it fits is known only when something is measured. */
export function isUnit(unit: string): boolean {
  const plain = unit.toLowerCase().replace(/\/(?:s|sec)$/, '');
  return [...UNITS.values()].some((known) => known.has(plain));
}

/**
 * A limit in the unit of what was measured. Plain numbers fit everything; `k` and `M` all that is no time.
 * @param measured `ns`, `bytes`, `ops/s`, `count`, `ratio`, or whatever another harness calls it
 * @returns undefined where the units do not fit
 */
export function limitIn(amount: number, unit: string, measured: string): number | undefined {
  if (unit === '%') return measured === 'ratio' ? amount / 100 : measured === '%' ? amount : undefined;
  const time = nanosecondsPerUnit(measured);
  if (time !== undefined) {
    const factor = unit === '' ? time : UNITS.get('ns')!.get(unit.toLowerCase());
    return factor === undefined ? undefined : (amount * factor) / time;
  }
  const perSecond = /\/(?:s|sec)$/;
  const isRate = perSecond.test(measured);
  if (perSecond.test(unit) && !isRate) return undefined;
  const plain = unit.replace(perSecond, '').toLowerCase();
  const isSize = /^bytes?(?:\/s)?$/i.test(measured);
  const factor = (isSize ? UNITS.get('bytes')!.get(plain) : undefined) ?? UNITS.get('count')!.get(plain);
  return factor === undefined ? undefined : amount * factor;
}

/** Units that fit, for messages. */
export function unitsFor(measured: string): string {
  if (nanosecondsPerUnit(measured) !== undefined) return 'ns, us, ms, s, min';
  if (measured === 'ratio') return '%';
  if (/^bytes?(?:\/s)?$/i.test(measured)) return 'B, KiB, MiB, GiB';
  return 'none, k, M, G';
}
