import { changeText, signedTimeText, throughputText } from '../../bench/criterion/units.ts';
import type { Estimate } from '../../bench/estimates.ts';
import type { Throughput } from '../../bench/measurement.ts';
import { groupDigits } from '../../profile/units.ts';
import type { Judged, ReportRow, ReportVerdict } from './report.ts';
import { shownEstimate } from './report.ts';

/** One estimate in words: `1.234 µs`, or in the unit that another tool gave it. '' where it is unknown. */
export function valueText(value: number | undefined, unit: string): string {
  if (value === undefined || !Number.isFinite(value)) return '';
  if (unit === 'ns') return signedTimeText(value);
  return `${groupDigits(value, Math.abs(value) < 100 ? 4 : 1)} ${unit}`.trim();
}

/** `1.20 µs … 1.25 µs`, '' where it is unknown. */
function intervalText({ lower, upper }: Pick<Estimate, 'lower' | 'upper'>, unit: string): string {
  const [low, high] = [valueText(lower, unit), valueText(upper, unit)];
  return low === '' || high === '' ? '' : `${low} … ${high}`;
}

/** What is processed a second; '' where that is unknown. */
export function rateText(throughput: Throughput | undefined, nanoseconds: number | undefined): string {
  if (throughput === undefined || nanoseconds === undefined || !(nanoseconds > 0)) return '';
  return throughputText(throughput, nanoseconds).trim().replace(/\s+/, ' ');
}

const VERDICT_WORDS: Readonly<Record<ReportVerdict, string>> = {
  regressed: 'regressed',
  improved: 'improved',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
  'no change': 'no change detected',
  'within noise': 'within noise',
};

export function verdictText(verdict: ReportVerdict): string {
  return VERDICT_WORDS[verdict];
}

/** `+4.2%`: changes are told with two digits at most behind the point. */
export function shortChange(change: number): string {
  return Math.abs(change) < 10
    ? changeText(change)
        .trim()
        .replace(/(\.\d\d)\d+%/, '$1%')
    : changeText(change).trim();
}

/** `+4.20% (+3.10% … +5.32%)`, '' where nothing was compared. */
export function changeWithInterval({ change }: Judged): string {
  if (change === undefined) return '';
  // What was counted has no interval
  if (change.lower === change.upper) return shortChange(change.point);
  return `${shortChange(change.point)} (${shortChange(change.lower)} … ${shortChange(change.upper)})`;
}

/** The cells of a benchmark in an overview: time, its interval, throughput. */
export function timeCells({ estimates, unit, throughput }: ReportRow): {
  readonly time: string;
  readonly interval: string;
  readonly rate: string;
} {
  const estimate = shownEstimate(estimates);
  return {
    time: valueText(estimate?.point, unit),
    interval: estimate === undefined ? '' : intervalText(estimate, unit),
    rate: rateText(throughput, unit === 'ns' ? estimate?.point : undefined),
  };
}
