import type { SourcePlace } from '../../history/check-report.ts';
import type { KeptResult } from '../../history/entry.ts';
import { type Measurements, type Quantity, type Subject, subjectOf } from '../../history/measurements.ts';
import { nanosecondsPerUnit } from '../../profile/units.ts';
import type { Report } from '../../render/report-json.ts';
import { normalQuantile } from '../../statistics/normal.ts';

/** What is read of `report --json`; the rest need not be there. */
export type ReportNumbers = Pick<Report, 'samples' | 'weight' | 'kinds' | 'top'>;

/** Probability that an interval misses the truth. */
const BEYOND = 0.05;

/** What sampled bytes are as a series; of other profiles nothing is kept, as shares of samples are none. */
const KEPT_TYPES: ReadonlyMap<string, string> = new Map([
  ['alloc_space', 'allocated bytes'],
  ['inuse_space', 'heap in use'],
]);

/** Functions, kinds of code and the whole of a profile. */
export function profileMeasurements(report: ReportNumbers): Measurements {
  const { samples, weight, kinds, top } = report;
  const nanoseconds = nanosecondsPerUnit(weight.unit);
  const unit = nanoseconds === undefined ? weight.unit || 'count' : 'ns';
  const scale = nanoseconds ?? 1;
  const quantity = (part: number, share: boolean): Quantity => {
    const { low, high } = shareInterval(part / weight.total, samples);
    const whole = share ? 1 : weight.total * scale;
    return {
      value: share ? part / weight.total : part * scale,
      low: low * whole,
      high: high * whole,
      unit: share ? 'ratio' : unit,
      better: 'smaller',
    };
  };
  const frames = top.map(
    ({ name, file, line, self, total }): Subject => ({
      kind: 'frame',
      name,
      ...placeOf(file, line),
      stats: ['self', 'total'],
      quantity: (stat, share) =>
        stat === 'self' ? quantity(self, share) : stat === 'total' ? quantity(total, share) : undefined,
      keptName: () => undefined,
    }),
  );
  const ofKinds = kinds.map(
    ({ kind, self }): Subject => ({
      kind: 'kind',
      name: kind,
      stats: ['self'],
      quantity: (stat, share) => (stat === 'self' ? quantity(self, share) : undefined),
      keptName: () => undefined,
    }),
  );
  const whole = subjectOf(
    'profile',
    '',
    new Map<string, Quantity>([
      ['total', { value: weight.total * scale, unit, better: 'smaller' }],
      ['samples', { value: samples, unit: 'count', better: 'smaller' }],
    ]),
  );
  return { subjects: [...frames, ...ofKinds, whole], kept: keptOf(report), notes: [] };
}

/** Each sample stands for as many bytes as any other: their number is what is uncertain. */
function keptOf({ samples, weight: { type, unit, total } }: ReportNumbers): KeptResult[] {
  const name = unit === 'bytes' ? KEPT_TYPES.get(type) : undefined;
  if (name === undefined || !(samples > 0)) return [];
  const reach = total * Math.min(1, normalQuantile(1 - BEYOND / 2) / Math.sqrt(samples));
  return [{ name, value: total, low: total - reach, high: total + reach, unit, better: 'smaller' }];
}

function placeOf(file: string, line: number): { readonly place?: SourcePlace } {
  if (file === '' || /^(?:node:|internal\/)/.test(file)) return {};
  return { place: { file: file.replace(/^file:\/\//, ''), ...(line > 0 ? { line } : {}) } };
}

/**
 * How sure a share of samples is: Wilson's interval of a proportion (1927), which holds near 0 and 1 too. Samples that follow
 * each other are alike, so that it is rather too narrow than too wide.
 */
function shareInterval(share: number, samples: number): { low: number; high: number } {
  if (samples <= 0 || !(share >= 0)) return { low: share, high: share };
  const z = normalQuantile(1 - BEYOND / 2);
  const part = Math.min(1, share);
  const spread = 1 + z ** 2 / samples;
  const centre = (part + z ** 2 / (2 * samples)) / spread;
  const reach = (z / spread) * Math.sqrt((part * (1 - part)) / samples + z ** 2 / (4 * samples ** 2));
  return { low: Math.max(0, Math.min(part, centre - reach)), high: Math.max(part, Math.min(1, centre + reach)) };
}
