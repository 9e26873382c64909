import type { DiffSide } from '../../embedded/diff-block.ts';
import { plural } from '../../plural.ts';
import { type Comparison, VERDICTS, type Verdict } from '../../profile/diff/comparison.ts';
import { frameLabel } from '../../profile/frame-label.ts';
import { displayUnit, formatInUnit, formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import type { LegendEntry } from '../compact/static-texts.ts';
import { withoutMark } from '../compact/words.ts';
import { deeper } from '../picture-notes.ts';
import { isUntested, pathCount } from './change-words.ts';
import type { ChosenPaths } from './choose-paths.ts';
import { fillOf, LEGEND_STEP, patternOf } from './diff-colors.ts';
import { EFFECTS } from './effect.ts';

const NAMED_IN_DESCRIPTION = 5;
const LONGEST_NAME = 200;

/** How many paths got each verdict. Those that weigh nothing are none. */
function verdictCounts({ paths }: Pick<Comparison, 'paths'>): ReadonlyMap<Verdict, number> {
  const counts = new Map<Verdict, number>();
  for (let i = 0; i < paths.length; i++) {
    if (paths.before[i] === 0 && paths.after[i] === 0) continue;
    const verdict = VERDICTS[paths.verdict[i]!]!;
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return counts;
}

/** An entry for each verdict that occurs, with its number of paths. */
export function diffLegend(comparison: Comparison, negate: boolean): LegendEntry[] {
  const counts = verdictCounts(comparison);
  return EFFECTS.filter(({ id }) => counts.has(id)).map(({ id, mark, title }) => ({
    ...(patternOf(id) === undefined ? {} : { over: `url(#legend-${patternOf(id)})` }),
    group: id,
    title: mark === '' ? title : `${mark} ${title}`,
    share: groupDigits(counts.get(id)!),
    fill: fillOf(id, LEGEND_STEP, id !== 'shrank' && id !== 'gone', negate),
  }));
}

/** `before.svg 1,234 samples → after.svg 1,300 samples · 12 of 345 paths changed (...)`. */
export function diffSummary(comparison: Comparison, countName?: string): string[] {
  const { before, after, unit, significant, alpha, threshold } = comparison;
  const display = displayUnit(unit);
  const side = ({ name, total, runs }: Comparison['before']): string =>
    `${name} ${formatInUnit(total, display)} ${countName ?? display.name}${runs > 1 ? ` (mean of ${runs} runs)` : ''}`;
  const rate = formatPercent(alpha, 1, alpha < 0.01 ? 1 : 0);
  const least = formatPercent(threshold, 1, threshold * 1000 === Math.round(threshold * 1000) ? 1 : 2);
  return [
    `${side(before)} → ${side(after)}`,
    isUntested(comparison)
      ? 'not tested: the inputs do not say how many samples they hold'
      : `${significant === 0 ? 'no path' : `${groupDigits(significant)} of ${groupDigits(pathCount(comparison))} paths`} changed by more than chance and ${least} of the whole (false discoveries at most ${rate})`,
  ];
}

/** What a picture says to those who do not see it. */
export function diffDescription(comparison: Comparison, countName?: string): string {
  const { paths, profile } = comparison;
  const { strings, frames, stacks } = profile;
  const changed = heaviestChanges(comparison, NAMED_IN_DESCRIPTION).map((path) => {
    const name = withoutMark(strings[frames.name[stacks.frame[path]!]!]!) || '(anonymous)';
    const [was, is] = [
      formatPercent(paths.before[path]!, comparison.before.total, 1),
      formatPercent(paths.after[path]!, comparison.after.total, 1),
    ];
    return `${name.slice(0, LONGEST_NAME)} ${was} to ${is}`;
  });
  const said = `Differential flame graph. ${diffSummary(comparison, countName).join('. ')}.`;
  return changed.length === 0 ? said : `${said} Most changed: ${changed.join(', ')}.`;
}

/** Paths that changed significantly, the most changed first; of those that changed alike the one that is called last. */
function heaviestChanges({ paths, profile }: Comparison, most: number): number[] {
  const changed: number[] = [];
  for (let i = 0; i < paths.length; i++) {
    const verdict = VERDICTS[paths.verdict[i]!]!;
    if (verdict === 'grew' || verdict === 'shrank' || verdict === 'new' || verdict === 'gone') changed.push(i);
  }
  // A caller that changed by what its callee did says nothing more
  const explained = new Set<number>();
  for (const path of changed) {
    const above = profile.stacks.parent[path]!;
    if (above >= 0 && Math.abs(paths.delta[path]!) >= 0.8 * Math.abs(paths.delta[above]!)) explained.add(above);
  }
  return changed
    .filter((path) => !explained.has(path))
    .sort((a, b) => Math.abs(paths.delta[b]!) - Math.abs(paths.delta[a]!) || a - b)
    .slice(0, most);
}

/** A path that is on the before side alone, as the after view names it. */
export interface GonePath {
  /** Names from the root on, as the profile has them. */
  readonly label: string;
  /** Its part of the whole before. */
  readonly share: number;
}

/** Functions that are gone with no caller that is: the heaviest first. Rows of the paths. */
export function gonePaths({ paths, profile, before }: Comparison): readonly (GonePath & { readonly path: number })[] {
  const gone = VERDICTS.indexOf('gone');
  const found: number[] = [];
  for (let i = 0; i < paths.length; i++) {
    const above = profile.stacks.parent[i]!;
    if (paths.verdict[i] === gone && (above < 0 || paths.verdict[above] !== gone)) found.push(i);
  }
  return found
    .sort((a, b) => paths.before[b]! - paths.before[a]! || a - b)
    .map((path) => ({
      path,
      label: withoutMark(frameLabel(profile, profile.stacks.frame[path]!)),
      share: before.total > 0 ? paths.before[path]! / before.total : 0,
    }));
}

/** Sides as the picture's data tell of them. */
export function sidesOf({ before, after }: Comparison): readonly [DiffSide, DiffSide] {
  const side = ({ name, samples = 0, runs, cut }: Comparison['before']): DiffSide => ({ name, samples, runs, cut });
  return [side(before), side(after)];
}

/** What is to be known of the comparison and of the picture. */
export function diffNotes(
  comparison: Comparison,
  { narrow, tooDeep }: Pick<ChosenPaths, 'narrow' | 'tooDeep'>,
  given: readonly string[] = [],
): string[] {
  const { before, after, unit } = comparison;
  const notes = [...given, ...comparison.notes];
  for (const { name, cut } of [before, after]) {
    if (cut > 0)
      notes.push(`${name} is a drawing: what weighs less than ${formatValue(cut, unit.unit)} may be missing`);
  }
  if (before.total === 0 || after.total === 0) notes.push('a side has no samples');
  if (narrow > 0) notes.push(`${groupDigits(narrow)} ${plural(narrow, 'frame')} too narrow to draw on both sides`);
  if (tooDeep > 0) notes.push(deeper(tooDeep));
  return notes;
}
