import { type FlameData, writeData } from '../../embedded/data-block.ts';
import { ofFrames } from '../../embedded/flame-rows.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { sampleCount } from '../../profile/sample-count.ts';
import { displayUnit } from '../../profile/units.ts';
import { paletteOf } from '../colors.ts';
import { embeddedIn } from '../embedded-in.ts';
import { drawnLayout, flameLayout } from '../flame-layout.ts';
import { type FlameSvgOptions, leastFraction } from '../flame-svg.ts';
import { defaultNotes, leftOut, notEmbedded } from '../picture-notes.ts';
import type { Renderer } from '../renderer.ts';
import { summaryOf } from '../summary.ts';
import { chooseFrames } from './choose-frames.ts';
import { describeFrames } from './describe-frames.ts';
import { compactDocument, inPieces, pictureScript, staticWidth } from './document.ts';
import { description, frameWeights, legendOf } from './said-of-profile.ts';
import { staticHeading } from './static-texts.ts';
import { wordsOf } from './words.ts';

/** The data go into so much more detail, where that costs little. */
const FINER = 8;

/**
 * The picture that is drawn by default: a few dozen paths, one a colour, with labels where they can be read, and one block
 * of data (`<metadata>`, see data-block.ts) from which its script draws whatever one zooms into. A right picture without
 * the script; never more than 2,000 nodes, whatever the profile. No network, no inline handlers or styles; names are only
 * ever text. What tools read that know flamegraph.pl's pictures is flame-svg.ts (`--classic`), which also knows
 * `attributes`; all other options are the same.
 */
export const compactSvg: Renderer<FlameSvgOptions> = {
  id: 'svg',
  title: 'interactive flame graph (SVG)',
  extension: 'svg',
  render: (profile, options) => inPieces(drawCompact(profile, options)),
};

/** What runs inside the picture. */
export function compactScript(): string {
  return pictureScript('compact');
}

function* drawCompact(profile: Profile, options: FlameSvgOptions): Iterable<string> {
  const { inverted = false, order = 'line' } = options;
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const valueType = profile.valueTypes[valueIndex]!;
  const palette = options.palette ?? paletteOf(profile, options.colors);
  const plain = displayUnit(valueType);
  const unit = { divisor: plain.divisor / (options.factor ?? 1), name: options.countName ?? plain.name };

  const layout = options.drawn
    ? drawnLayout(options.drawn)
    : flameLayout(profile, { valueIndex, order, minFraction: heldFraction(options) });
  const total = layout.tree.weight;
  const samples = options.drawn?.samples ?? sampleCount(profile);
  const chosen = chooseFrames(layout, leastFraction(options) * total, profile.frames.length);
  const { rows, scale } = chosen;
  const { shades, frames, strings } = describeFrames(profile, chosen.frames, palette);
  const data: FlameData = { ...valueType, scale, strings, frames, rows };
  const words = wordsOf(data, unit);
  const weights = options.drawn?.selfOf ?? frameWeights(layout, profile.frames.length);
  const value = words.value(rows.weight[0]!);

  const title = options.title ?? (order === 'time' ? 'Flame Chart' : inverted ? 'Icicle Graph' : 'Flame Graph');
  const summary = summaryOf(profile, valueIndex, options.countName, samples);
  if (options.factor !== undefined) summary[0] = value;
  const heading = staticHeading({
    title,
    subtitle: [...(options.subtitle ? [options.subtitle] : []), ...summary].join('  ·  '),
    legend: legendOf(profile, weights, total, palette),
    width: staticWidth(options).picture,
  });
  yield* compactDocument(
    {
      title,
      description: description(profile, weights, total, value, samples),
      rows,
      shades,
      shadeOf: ofFrames(rows, frames.shade, shades.length),
      words,
      heading,
      notes: [
        ...(options.notes ?? defaultNotes(profile)),
        ...leftOut(layout, chosen.narrow, valueType.unit),
        ...notEmbedded(options),
      ],
      unit,
      order,
      embedded: embeddedIn(profile, options),
      data: writeData(data),
      dataId: 'data',
      script: compactScript(),
    },
    options,
  );
}

/** The part of the whole that a frame must have to be in the data at all. */
export function heldFraction(options: Pick<FlameSvgOptions, 'minWidth' | 'width'>): number {
  return options.minWidth === undefined ? leastFraction(options) / FINER : leastFraction(options);
}
