import { type DiffData, writeDiff } from '../../embedded/diff-block.ts';
import { embeddedElement } from '../../embedded/element.ts';
import type { Comparison } from '../../profile/diff/comparison.ts';
import { displayUnit } from '../../profile/units.ts';
import { heldFraction } from '../compact/compact-svg.ts';
import { frameColumns } from '../compact/describe-frames.ts';
import { compactDocument, inPieces, pictureScript, staticWidth } from '../compact/document.ts';
import { leastFraction } from '../flame-svg.ts';
import { notEmbedded } from '../picture-notes.ts';
import { byShares } from './changed-row.ts';
import { choosePaths } from './choose-paths.ts';
import { diffColors } from './diff-colors.ts';
import { diffHeading } from './diff-heading.ts';
import { viewOf } from './diff-rows.ts';
import { diffStyle, patternsOf } from './diff-style.ts';
import { diffTree } from './diff-tree.ts';
import { diffWordsOf } from './diff-words.ts';
import type { DiffPictureOptions } from './options.ts';
import { diffDescription, diffNotes, sidesOf } from './said-of-comparison.ts';

/** Draws a comparison. Deterministic: same comparison and options, same bytes. */
export interface DiffRenderer {
  /** The value of `--format`. */
  readonly id: string;
  readonly title: string;
  /** File name extension without the dot. */
  readonly extension: string;
  /** Chunks of the output, in order. */
  render(comparison: Comparison, options: DiffPictureOptions): Iterable<string>;
}

/**
 * The compact picture (see `compactSvg`) of two profiles: colours tell by how much of the whole a path changed, red what
 * grew, blue what shrank, grey what did not change by more than chance. It holds three views of the same frames: as wide as
 * they are after, before, or the larger of both.
 */
export const diffSvg: DiffRenderer = {
  id: 'svg',
  title: 'interactive differential flame graph (SVG)',
  extension: 'svg',
  render: (comparison, options) => inPieces(drawDiff(comparison, options)),
};

function* drawDiff(comparison: Comparison, options: DiffPictureOptions): Iterable<string> {
  const { widths = 'after', negate = false, embed } = options;
  const { profile, unit: valueType, scale: ratio } = comparison;
  const tree = diffTree(comparison);
  const chosen = choosePaths(comparison, tree, leastFraction(options), heldFraction(options));
  const { rows, frames: functions, scale } = chosen;
  const plain = displayUnit(valueType);
  const unit = { divisor: plain.divisor / (options.factor ?? 1), name: options.countName ?? plain.name };
  // Colours are those of paths: functions have none
  const { frames, strings } = frameColumns(profile, functions, new Int32Array(functions.length));
  const data: DiffData = {
    ...valueType,
    scale,
    sides: sidesOf(comparison),
    ratio,
    inShares: byShares(comparison),
    threshold: comparison.threshold,
    strings,
    frames,
    rows,
  };
  const words = diffWordsOf(data, unit);
  const share = Float64Array.from(rows.verdict, (_, index) => words.share(index));
  const { shades, shadeOf } = diffColors(rows.verdict, share, negate);
  yield* compactDocument(
    {
      title: options.title ?? 'Differential Flame Graph',
      description: diffDescription(comparison, options.countName),
      rows: viewOf(rows, widths, ratio),
      shades: shades.map((shade, i) => (shade.pattern === undefined ? shade : { ...shade, paint: `url(#shade-${i})` })),
      shadeOf,
      words,
      heading: diffHeading(comparison, options, staticWidth(options).picture),
      notes: [...diffNotes(comparison, chosen, options.notes), ...notEmbedded(options)],
      unit,
      order: 'line',
      settings: [
        ['negate', String(negate)],
        ['widths', widths],
      ],
      style: diffStyle,
      definitions: patternsOf(shades),
      embedded: bothSides(embed),
      data: writeDiff(data),
      dataId: 'comparison',
      script: pictureScript('diff'),
    },
    options,
  );
}

/** The elements that hold both inputs; nothing where none are to be held. */
export function* bothSides(embed: DiffPictureOptions['embed']): Iterable<string> {
  if (!embed) return;
  yield* embeddedElement(embed.before, 'before');
  yield* embeddedElement(embed.after, 'after');
}
