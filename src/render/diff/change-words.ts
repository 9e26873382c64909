import type { Comparison, Side } from '../../profile/diff/comparison.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { byShares, type ChangedRow, changedFunctions } from './changed-row.ts';

/** The part of the before side's whole: `12.31%`, or `<0.10%` of what a drawing does not show. */
export function beforeWords({ before, beforePercent }: ChangedRow, { before: side }: Comparison): string {
  return shareWords(before, beforePercent, side);
}

/** The same of the after side. */
export function afterWords({ after, afterPercent }: ChangedRow, { after: side }: Comparison): string {
  return shareWords(after, afterPercent, side);
}

function shareWords(weight: number, percent: number, { cut, total }: Side): string {
  return weight === 0 && cut > 0 ? `<${formatPercent(cut, total)}` : `${percent.toFixed(2)}%`;
}

/** The change: in points where shares are compared, else in weight. With its sign. */
export function changeWords({ deltaPercent, delta }: ChangedRow, comparison: Comparison): string {
  return inPointsOrWeight(deltaPercent, delta, comparison);
}

/** The confidence interval of the change, as `[+2.10, +5.14]`; '' where nothing was tested. */
export function intervalWords(row: ChangedRow, comparison: Comparison): string {
  if (Number.isNaN(row.low) || Number.isNaN(row.high)) return '';
  const low = inPointsOrWeight(row.lowPercent, row.low, comparison);
  return `[${low}, ${inPointsOrWeight(row.highPercent, row.high, comparison)}]`;
}

function inPointsOrWeight(points: number, weight: number, comparison: Comparison): string {
  if (byShares(comparison)) return signed(points.toFixed(2));
  return signed(formatValue(weight, comparison.unit.unit));
}

/** Without a sign where it is nothing. */
function signed(number: string): string {
  if (/^-?0(?:\.0+)?$/.test(number)) return number.replace('-', '');
  return number.startsWith('-') ? number : `+${number}`;
}

/** What a side holds: `2,011 samples`, `2.51 s`, `3 runs`; what is not known, or would be said twice, is left out. */
export function sideWords({ total, samples, runs, cut }: Side, { unit: { type, unit } }: Comparison): string[] {
  const parts: string[] = [];
  const isCount = unit === 'count';
  // Folded text calls every weight `samples`
  const isOfSamples = isCount && type === 'samples';
  const isCounted = !isOfSamples || (samples !== undefined && Math.abs(samples - total * runs) < 0.5);
  if (samples !== undefined && !(isOfSamples && isCounted && runs === 1)) {
    parts.push(`${groupDigits(samples)} ${samples === 1 ? 'sample' : 'samples'}`);
  }
  const weight = formatValue(total, unit);
  const mean = runs > 1 ? ' in the mean' : '';
  parts.push(`${!isCounted ? `weight ${weight}` : isCount ? `${weight} ${type}` : weight}${mean}`);
  if (runs > 1) parts.push(`${runs} runs`);
  if (cut > 0) parts.push(`a drawing: paths below ${formatPercent(cut, total)} may be missing`);
  return parts;
}

/** How the sides were compared, and what counts as a change. */
export function rulesWords(comparison: Comparison): string[] {
  const { scale, alpha, threshold } = comparison;
  const way = byShares(comparison)
    ? `compared as shares of the whole (before x ${factor(scale)})`
    : scale === 1
      ? 'compared as measured (--no-normalize)'
      : `compared with before x ${factor(scale)}`;
  if (isUntested(comparison)) return [way];
  return [
    way,
    `false discovery rate ${percentText(alpha)}, changes below ${percentText(threshold)} of the whole are none`,
  ];
}

function factor(scale: number): string {
  return String(Number(scale.toPrecision(4)));
}

/** How much changed significantly, in one sentence without its full stop. */
export function findingWords(comparison: Comparison): string {
  const { significant } = comparison;
  if (isUntested(comparison))
    return 'nothing was tested for significance: the inputs do not tell how many samples they hold';
  const functions = changedFunctions(comparison);
  if (significant === 0 && functions === 0) return 'nothing changed significantly';
  const ofPaths = `${groupDigits(significant)} of ${groupDigits(pathCount(comparison))} paths`;
  if (functions === 0) return `${ofPaths} changed significantly, but no function as a whole`;
  const changed = `${groupDigits(functions)} ${functions === 1 ? 'function' : 'functions'}`;
  return `${changed} and ${ofPaths} changed significantly`;
}

/** How many paths there are; those that weigh nothing are none. */
export function pathCount({ paths }: Comparison): number {
  let count = 0;
  for (let i = 0; i < paths.length; i++) if (paths.before[i] !== 0 || paths.after[i] !== 0) count++;
  return count;
}

function percentText(part: number): string {
  return `${Number((part * 100).toPrecision(6))}%`;
}

/** Whether no path could be tested at all. */
export function isUntested({ paths }: Comparison): boolean {
  return paths.length > 0 && paths.p.every(Number.isNaN);
}

/**
 * What changes these samples are too few for, where nothing was found: half the widest confidence interval of a path,
 * in percent of the whole.
 */
export function noiseWords(comparison: Comparison): string | undefined {
  const { paths, after, significant } = comparison;
  if (significant > 0 || isUntested(comparison) || after.total === 0) return undefined;
  let widest = 0;
  for (let path = 0; path < paths.length; path++)
    widest = Math.max(widest, (paths.high[path]! - paths.low[path]!) / 2 || 0);
  const points = Math.min(100, (widest / after.total) * 100);
  if (!(points >= 0.05)) return undefined;
  const more =
    Math.min(comparison.before.runs, after.runs) > 1
      ? 'give more runs of each side'
      : 'record longer, or give several runs (--before a1 a2 --after b1 b2),';
  return `changes of up to ${points.toFixed(1)} points of a path are within the noise of these samples: ${more} to see smaller ones`;
}
