import type { Comparison, Side } from '../../../profile/diff/comparison.ts';
import type { Profile } from '../../../profile/profile.ts';
import { displayUnit, formatPercent, formatValue, groupDigits } from '../../../profile/units.ts';
import { factsOf } from '../../html/facts.ts';
import { htmlPage } from '../../html/page.ts';
import { notEmbedded } from '../../picture-notes.ts';
import { byShares } from '../changed-row.ts';
import { bothSides, type DiffRenderer } from '../compact-diff.ts';
import type { DiffPictureOptions } from '../options.ts';
import { diffNotes, diffSummary } from '../said-of-comparison.ts';
import { COMPARISON_ID, type DiffPageSide } from './diff-page.ts';
import { encodeComparison } from './encode-comparison.ts';

/**
 * One self-contained page of a comparison: flame graph with the views before, after and both; functions with their shares,
 * changes, intervals and verdicts, each between its callers and callees; facts of both sides. It holds all paths, however
 * narrow.
 */
export const diffHtml: DiffRenderer = {
  id: 'html',
  title: 'interactive report of a comparison: flame graph, functions, facts (one HTML file)',
  extension: 'html',
  render: drawPage,
};

function* drawPage(comparison: Comparison, options: DiffPictureOptions): Iterable<string> {
  const { embed } = options;
  const title = options.title ?? `${comparison.before.name} → ${comparison.after.name}`;
  const plain = displayUnit(comparison.unit);
  const bytes = encodeComparison(comparison, {
    title,
    subtitle: [...(options.subtitle ? [options.subtitle] : []), ...diffSummary(comparison, options.countName)].join(
      '  ·  ',
    ),
    display: { divisor: plain.divisor / (options.factor ?? 1), name: options.countName ?? plain.name },
    before: pageSide(comparison, comparison.before, embed ? embed.before : undefined),
    after: pageSide(comparison, comparison.after, embed ? embed.after : undefined),
    inShares: byShares(comparison),
    threshold: comparison.threshold,
    negate: options.negate ?? false,
    widths: options.widths ?? 'after',
    inverted: options.inverted ?? false,
    search: options.search ?? '',
    facts: rulesOf(comparison),
    notes: [...diffNotes(comparison, { narrow: 0, tooDeep: 0 }, options.notes), ...notEmbedded(options)],
  });
  yield* htmlPage({
    title,
    subtitle: options.subtitle ?? '',
    app: 'diff',
    instead: 'pforge-prof diff -o x.svg',
    blocks: [{ id: COMPARISON_ID, bytes }],
    ...(embed ? { embedded: bothSides(embed) } : {}),
  });
}

function pageSide({ unit }: Comparison, side: Side, profile: Profile | undefined): DiffPageSide {
  const { name, total, cut, runs, samples } = side;
  const own: [string, string][] = [
    ['Input', name],
    ['Total', formatValue(total, unit.unit)],
  ];
  if (runs > 1) own.push(['Runs', groupDigits(runs)]);
  if (samples !== undefined) own.push(['Samples', groupDigits(samples)]);
  const known = new Set(own.map(([fact]) => fact));
  const recorded = profile === undefined ? [] : factsOf(profile).filter(([fact]) => !known.has(fact));
  return { name, total, cut, facts: [...own, ...recorded] };
}

/** How it was compared. */
function rulesOf({ scale, alpha, threshold, significant, paths, unit }: Comparison): [string, string][] {
  return [
    ['Measured', unit.unit === 'count' ? unit.type : `${unit.type} (${unit.unit})`],
    ['Weights before times', groupDigits(scale, 4)],
    ['False discoveries', `at most ${formatPercent(alpha, 1, 1)} of what is called changed`],
    ['Least change', `${formatPercent(threshold, 1)} of the whole`],
    ['Changed', `${groupDigits(significant)} of ${groupDigits(paths.length)} paths`],
  ];
}
