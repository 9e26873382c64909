/** The library: the same steps, under the same names, as the commands walk. */
import { type CompareOptions, compareProfiles } from './profile/diff/compare.ts';
import type { Comparison } from './profile/diff/comparison.ts';
import type { Profile } from './profile/profile.ts';
import { compactSvg } from './render/compact/compact-svg.ts';
import { diffSvg } from './render/diff/compact-diff.ts';
import type { DiffPictureOptions } from './render/diff/options.ts';
import type { FlameSvgOptions } from './render/flame-svg.ts';
import { type FlameHtmlOptions, flameHtml } from './render/html/flame-html.ts';

export { UserError } from './errors.ts';
export { formats, readProfile } from './formats/registry.ts';
export { calleesOf, callersOf } from './profile/around-function.ts';
export { type FrameWords, ProfileBuilder } from './profile/builder.ts';
export { type CallTree, callTree } from './profile/call-tree.ts';
export { checkProfile } from './profile/check.ts';
export type { CompareOptions } from './profile/diff/compare.ts';
export {
  type Changes,
  type Comparison,
  type FunctionChanges,
  type Side,
  VERDICTS,
  type Verdict,
} from './profile/diff/comparison.ts';
export { filter } from './profile/filter.ts';
export { fold } from './profile/fold.ts';
export { frameLabel } from './profile/frame-label.ts';
export { invert } from './profile/invert.ts';
export { merge } from './profile/merge.ts';
export type { Kind, Profile, Tier, ValueType, WeightColumn } from './profile/profile.ts';
export { selectSamples } from './profile/select-samples.ts';
export type { SourceText } from './profile/source-text.ts';
export { rootByThread } from './profile/threads.ts';
export { mergeTiers } from './profile/tiers.ts';
export { type TopRow, top } from './profile/top.ts';
export { totalWeight } from './profile/total.ts';
export type { DiffPictureOptions } from './render/diff/options.ts';
export { diffJson } from './render/diff/table-json.ts';
export { diffText } from './render/diff/table-text.ts';
export type { FlameSvgOptions } from './render/flame-svg.ts';
export type { FlameHtmlOptions } from './render/html/flame-html.ts';
export { reportJson } from './render/report-json.ts';
export { topText } from './render/top-text.ts';

/**
 * Compares two profiles, or several runs of each side: what changed, by path and by function, and what is only noise.
 * @throws {UserError} they measure different things
 */
export function diffProfiles(
  before: Profile | readonly Profile[],
  after: Profile | readonly Profile[],
  options: CompareOptions = {},
): Comparison {
  return compareProfiles([before].flat(), [after].flat(), options);
}

/** Draws a comparison as one self-contained interactive SVG: what grew is red, what shrank is blue. */
export function renderDiffSvg(comparison: Comparison, options: DiffPictureOptions = {}): string {
  return [...diffSvg.render(comparison, options)].join('');
}

/** Draws a profile as one self-contained interactive SVG. */
export function renderFlameSvg(profile: Profile, options: FlameSvgOptions = {}): string {
  return [...compactSvg.render(profile, options)].join('');
}

/** Draws a profile as one self-contained interactive HTML page: flame graph, timeline, functions, source, facts. */
export function renderFlameHtml(profile: Profile, options: FlameHtmlOptions = {}): string {
  return [...flameHtml.render(profile, options)].join('');
}
