import type { CallTree } from '../../profile/call-tree.ts';
import { type Comparison, VERDICTS } from '../../profile/diff/comparison.ts';
import { displayUnit } from '../../profile/units.ts';
import { classicDocument } from '../flame-document.ts';
import { elementOf, type LookOf } from '../flame-frames.ts';
import { layoutOf } from '../flame-layout.ts';
import { leastFraction } from '../flame-svg.ts';
import { notEmbedded } from '../picture-notes.ts';
import { bothSides, type DiffRenderer } from './compact-diff.ts';
import { fillOfChange } from './diff-colors.ts';
import { type DiffTree, diffTree, edgesOf, weightsOf } from './diff-tree.ts';
import type { DiffPictureOptions } from './options.ts';
import { diffLegend, diffNotes, diffSummary } from './said-of-comparison.ts';

/**
 * A differential flame graph with one element a frame, as flamegraph.pl and inferno draw it of three columns of folded
 * text, and as their readers know it: `<title>name (N samples, P%; +D%)`. D is how much the frame changed with all that
 * lies on it, in parts of the whole (with `self`: by itself alone, as those tools have it).
 */
export const diffClassicSvg: DiffRenderer = {
  id: 'svg',
  title: 'differential flame graph with one element a frame (SVG)',
  extension: 'svg',
  render: drawClassic,
};

function* drawClassic(comparison: Comparison, options: DiffPictureOptions): Iterable<string> {
  const { widths = 'after', negate = false, self = false } = options;
  const { profile, unit: valueType } = comparison;
  const tree = diffTree(comparison);
  const layout = layoutOf(callTreeOf(tree, widths), leastFraction(options));
  const plain = displayUnit(valueType);
  yield* classicDocument(
    {
      profile,
      layout,
      title: options.title ?? 'Differential Flame Graph',
      summary: diffSummary(comparison, options.countName),
      legend: self
        ? []
        : diffLegend(comparison, negate).map(({ group, title, share, fill }) => ({
            group,
            text: `${title} ${share}`,
            fill,
          })),
      notes: [
        ...(self ? ['colours: by how much a function itself changed, without what it calls'] : []),
        ...diffNotes(comparison, { narrow: layout.narrow.frames, tooDeep: layout.tooDeep }, options.notes),
        ...notEmbedded(options),
      ],
      valueType,
      unit: { divisor: plain.divisor / (options.factor ?? 1), name: options.countName ?? plain.name },
      order: 'line',
      // Nearly white is a colour of the self-delta palette
      background: options.background ?? (self ? '#dddbd5' : '#ffffff'),
      embedded: bothSides(options.embed),
      // So that both sides can be read of titles too
      settings: [
        ['widths', widths],
        ['changes', self ? 'self' : 'total'],
        ['negated', String(negate)],
        ['before-total', String(tree.before.whole * tree.scale)],
      ],
      lookOf: self ? selfLooks(tree, negate) : pathLooks(comparison, tree, negate),
    },
    options,
  );
}

/** The tree of one view. Rows that weigh nothing in it are there, and are not drawn. */
function callTreeOf(tree: DiffTree, widths: NonNullable<DiffPictureOptions['widths']>): CallTree {
  const weights = weightsOf(tree, widths);
  let maxDepth = -1;
  for (let row = 0; row < tree.length; row++) if (tree.depth[row]! > maxDepth) maxDepth = tree.depth[row]!;
  const { length, frame, parent, depth } = tree;
  return { length, frame, parent, depth, maxDepth, start: edgesOf(tree, weights), ...weights, weight: weights.whole };
}

function pathLooks({ paths }: Comparison, tree: DiffTree, negate: boolean): LookOf {
  const whole = tree.after.whole || tree.before.whole * tree.scale;
  return (node) => {
    const delta = tree.after.total[node]! - tree.before.total[node]! * tree.scale;
    const verdict = VERDICTS[paths.verdict[tree.path[node]!]!]!;
    return {
      fill: fillOfChange(verdict, whole > 0 ? delta / whole : 0, negate),
      element: elementOf(verdict),
      titleEnd: titleEnd(delta, whole, negate),
    };
  };
}

/**
 * Colours as inferno has them (color/mod.rs, `color_scale`): of what a line of folded text changed by, against the line
 * that changed most; a frame of no line of its own has not changed.
 */
function selfLooks(tree: DiffTree, negate: boolean): LookOf {
  const deltas = Float64Array.from(tree.path, (_, row) => tree.after.self[row]! - tree.before.self[row]! * tree.scale);
  let most = 1;
  for (const delta of deltas) most = Math.max(most, Math.abs(delta));
  const whole = tree.after.whole || tree.before.whole * tree.scale;
  return (node) => {
    const delta = negate ? -deltas[node]! : deltas[node]!;
    const rest = 100 + Math.floor((150 * (most - Math.abs(delta))) / most);
    const channel = rest.toString(16).padStart(2, '0');
    const fill = delta === 0 ? '#fafafa' : delta > 0 ? `#ff${channel}${channel}` : `#${channel}${channel}ff`;
    return { fill, element: 'g', titleEnd: titleEnd(deltas[node]!, whole, negate) };
  };
}

/** `; +1.23%`, as flamegraph.pl has it. */
function titleEnd(delta: number, whole: number, negate: boolean): string {
  const percent = (whole > 0 ? ((negate ? -delta : delta) / whole) * 100 : 0).toFixed(2);
  if (!/[1-9]/.test(percent)) return '; 0.00%';
  return `; ${percent.startsWith('-') ? '' : '+'}${percent}%`;
}
