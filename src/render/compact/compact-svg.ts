import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { displayUnit, formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { type Palette, paletteOf, ROOT_FILL } from '../colors.ts';
import { escapeXml } from '../escape.ts';
import { type FlameLayout, flameLayout, MAX_ROWS } from '../flame-layout.ts';
import type { FlameSvgOptions } from '../flame-svg.ts';
import type { Renderer } from '../renderer.ts';
import { summaryOf } from '../summary.ts';
import { textWidth } from '../text-width.ts';
import { type ChosenFrames, chooseFrames } from './choose-frames.ts';
import { type FlameData, writeData } from './data-block.ts';
import { describeFrames } from './describe-frames.ts';
import { rowCount, rowOf } from './flame-rows.ts';
import { fitLabel, LABEL_PADDING, labelledFrames } from './labels.ts';
import { inkOn, type Shade } from './shades.ts';
import { type LegendEntry, staticHeading, staticLine } from './static-texts.ts';
import { frameStrokes, rowTop, TENTHS, type View } from './strokes.ts';
import { compactStyle } from './style.ts';
import { type Words, wordsOf } from './words.ts';

const STATIC_WIDTH = 1200;
const MARGIN = 10;
const FOOTER_HEIGHT = 30;
const LEAST_WIDTH = 0.1;
/** The data go into so much more detail, where that costs little. */
const FINER = 8;
/** Together with their texts, and titles of the widest, well below 2,000 nodes. */
const MOST_LABELS = 600;
const MOST_TITLES = 150;

/**
 * The picture that is drawn by default: a few dozen paths, one a colour, with labels where they can be read, and one block
 * of data (`<metadata>`, see data-block.ts) from which its script draws whatever one zooms into. A right picture without
 * the script; never more than 2,000 nodes, whatever the profile. No network, no inline handlers or styles; names are only
 * ever text. What tools read that know flamegraph.pl's pictures is `--classic`.
 */
export const compactSvg: Renderer<FlameSvgOptions> = {
  id: 'svg',
  title: 'interactive flame graph (SVG)',
  extension: 'svg',
  render: (profile, options) => inPieces(drawCompact(profile, options)),
};

const PIECE = 1 << 16;

/** Many short texts as few long ones: each is a write. */
function* inPieces(texts: Iterable<string>): Iterable<string> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

let script: string | undefined;

/** What runs inside the picture, always the same bytes: nothing of a profile is ever written into it. */
export function compactScript(): string {
  script ??= readFileSync(join(packageRoot(), 'dist/browser/compact.js'), 'utf8');
  return script;
}

function* drawCompact(profile: Profile, options: FlameSvgOptions): Iterable<string> {
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const valueType = profile.valueTypes[valueIndex]!;
  const width = options.width ?? STATIC_WIDTH;
  const fontSize = options.fontSize ?? 12;
  const rowHeight = options.frameHeight ?? 16;
  const palette = paletteOf(profile, options.colors);
  const plain = displayUnit(valueType);
  const unit = { ...plain, name: options.countName ?? plain.name };

  const leastFraction = (options.minWidth ?? LEAST_WIDTH) / (width - 2 * MARGIN);
  const minFraction = options.minWidth === undefined ? leastFraction / FINER : leastFraction;
  const layout = flameLayout(profile, { valueIndex, minFraction });
  const chosen = chooseFrames(layout, leastFraction * layout.tree.weight, profile.frames.length);
  const { rows } = chosen;
  const { shades, frames, strings } = describeFrames(profile, chosen.frames, palette);
  const { type, unit: unitOfValue } = valueType;
  const data: FlameData = { type, unit: unitOfValue, scale: chosen.scale, strings, frames, rows };
  const words = wordsOf(data, unit);
  const weights = frameWeights(layout, profile.frames.length);
  const view = { zoomed: 0, width: width - 2 * MARGIN, rowHeight, inverted: options.inverted ?? false };

  const heading = staticHeading({
    title: options.title ?? 'Flame graph',
    subtitle: [
      ...(options.subtitle ? [options.subtitle] : []),
      ...summaryOf(profile, valueIndex, options.countName),
    ].join('  ·  '),
    legend: palette.groups.length > 0 ? legendOf(profile, weights, layout.tree.weight, palette) : [],
    width,
  });
  const stageTop = heading.height + 10;
  const stageHeight = rowCount(rows) * rowHeight;
  const height = stageTop + stageHeight + 10 + FOOTER_HEIGHT;
  const notes = [...(options.notes ?? defaultNotes(profile)), ...leftOut(layout, chosen, valueType.unit)].join('  ·  ');

  const settings = [
    ['unit-name', unit.name],
    ['divisor', unit.divisor],
    ['row-height', rowHeight],
    ['baseline', baselineOf(rowHeight, fontSize)],
    ['orientation', view.inverted ? 'down' : 'up'],
    ['width', width],
    ['fluid', options.width === undefined],
    ['search', options.search ?? ''],
  ] as const;
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<svg class="pforge-flame" version="1.1" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xmlns="http://www.w3.org/2000/svg"
${settings.map(([name, value]) => `data-${name}="${escapeXml(String(value))}"`).join(' ')}>
<title>${escapeXml(options.title ?? 'Flame graph')}</title>
<desc>${escapeXml(describe(profile, data, words, weights, chosen.frames))}</desc>
<style>${compactStyle(fontSize)}</style>
<rect id="ground" width="100%" height="100%" fill="#fff"/>
<g id="static">
${heading.svg}
${staticLine('notes', notes, height - 11, view.width, 13)}
</g>
<svg id="frames" x="${MARGIN}" y="${stageTop}" width="${view.width}" height="${stageHeight}">
`;
  yield* paths(data, shades, view);
  yield* labels(data, words, shades, view, fontSize);
  yield '</svg>\n<metadata id="data">';
  yield* writeData(data);
  yield `</metadata>
<script><![CDATA[
${compactScript()}]]></script>
</svg>
`;
}

function* paths({ rows, frames }: FlameData, shades: readonly Shade[], view: View): Iterable<string> {
  const thickness = view.rowHeight - 1;
  yield `<g id="marks" fill="none" stroke-width="${thickness}" transform="translate(0,${thickness / 2}) scale(${1 / TENTHS},1)">\n`;
  const all = [...shades, { group: 'root', fill: ROOT_FILL }];
  const strokes = frameStrokes(rows, frames.shade, all.length, view);
  for (let i = 0; i < all.length; i++) {
    yield `<path data-group="${escapeXml(all[i]!.group)}" stroke="${all[i]!.fill}" d="${strokes[i]}"/>\n`;
  }
  yield '</g>\n';
}

function* labels(
  data: FlameData,
  words: Words,
  shades: readonly Shade[],
  view: View,
  fontSize: number,
): Iterable<string> {
  const { rows, frames } = data;
  const labelled = labelledFrames(rows, view, 0, rowCount(rows) - 1, MOST_LABELS);
  const widths = Float64Array.from(labelled, (i) => rows.weight[i]!).sort();
  const titledFrom = widths[Math.max(0, widths.length - MOST_TITLES)] ?? 0;
  const whole = rows.weight[0]!;
  const inks = shades.map(({ fill }) => inkOn(fill));
  const baseline = baselineOf(view.rowHeight, fontSize);
  let titles = 0;
  let chunk = '<g id="labels">\n';
  for (const i of labelled) {
    const share = whole > 0 ? rows.weight[i]! / whole : 1;
    const room = share * view.width - 2 * LABEL_PADDING;
    const label = fitLabel(words.name(i), words.place(i), room, (character) => textWidth(character, fontSize));
    if (label === '') continue;
    const x = LABEL_PADDING + (whole > 0 ? (rows.start[i]! / whole) * view.width : 0);
    const y = rowTop(rows, view, rowOf(rows, i)) + baseline;
    const ink = i === 0 ? '' : inks[frames.shade[rows.frame[i]!]!]!;
    let title = '';
    if (rows.weight[i]! >= titledFrom && titles++ < MOST_TITLES) {
      const percent = i === 0 ? '100%' : formatPercent(share, 1);
      title = `<title>${escapeXml(`${words.label(i)} (${words.value(rows.weight[i]!)}, ${percent})`)}</title>`;
    }
    chunk += `<text x="${Number(x.toFixed(1))}" y="${y}"${ink && ` class="${ink}"`}>${title}${escapeXml(label)}</text>\n`;
  }
  yield `${chunk}</g>\n`;
}

function baselineOf(rowHeight: number, fontSize: number): number {
  return Math.round((rowHeight - 1 + fontSize * 0.7) / 2);
}

/** What a picture says to those who do not see it: how much there is, and where most of it ends. */
function describe(profile: Profile, data: FlameData, words: Words, weights: Float64Array, frames: Int32Array): string {
  const total = data.rows.weight[0]!;
  const [numerator, denominator] = data.scale;
  const hottest = Array.from(frames.keys())
    .sort((a, b) => weights[frames[b]!]! - weights[frames[a]!]! || a - b)
    .slice(0, 5)
    .filter((frame) => weights[frames[frame]!]! > 0);
  const counted = `Flame graph of ${words.value(total)} in ${groupDigits(profile.samples.length)} samples`;
  const most = hottest.map((frame) => {
    const name = data.strings[data.frames.name[frame]!]! || '(anonymous)';
    return `${name.slice(0, 200)} ${formatPercent(weights[frames[frame]!]!, (total * numerator) / denominator, 1)}`;
  });
  return most.length === 0 ? `${counted}.` : `${counted}. Most of it is in ${most.join(', ')}.`;
}

/** The groups that have self weight, with their shares, in the palette's order. */
function legendOf(profile: Profile, weights: Float64Array, total: number, palette: Palette): LegendEntry[] {
  const groups = new Map<string, number>();
  for (let frame = 0; frame < weights.length; frame++) {
    // Of functions that are in no stack nothing is known
    if (Number.isNaN(weights[frame])) continue;
    const group = palette.groupOf(profile, frame);
    groups.set(group, (groups.get(group) ?? 0) + weights[frame]!);
  }
  return (
    palette.groups
      // Thread rows are of no kind and have no weight of their own: they are no entry.
      .filter(({ id }) => groups.has(id) && (id !== 'unknown' || groups.get(id)! > 0))
      .map(({ id, title }) => ({
        group: id,
        title,
        share: formatPercent(groups.get(id)!, total, 1),
        fill: palette.fill(id, title),
      }))
  );
}

/** Self weight of each row of the profile's frame table; NaN = in no stack. */
function frameWeights({ tree }: FlameLayout, frameCount: number): Float64Array {
  const weights = new Float64Array(frameCount).fill(Number.NaN);
  for (let node = 0; node < tree.length; node++) {
    const frame = tree.frame[node]!;
    const held = weights[frame]!;
    weights[frame] = (held > 0 ? held : 0) + tree.self[node]!;
  }
  return weights;
}

function defaultNotes({ meta }: Profile): string[] {
  return [...(meta.command ? [meta.command.join(' ')] : []), ...meta.notes];
}

/** What the picture does not hold, in words. */
function leftOut({ tooDeep, tree }: FlameLayout, { narrow }: ChosenFrames, unit: string): string[] {
  const notes: string[] = [];
  if (tree.weight === 0) notes.push('no samples');
  if (narrow.frames > 0) {
    const share = formatPercent(narrow.weight, tree.weight);
    notes.push(
      `${groupDigits(narrow.frames)} frames too narrow to draw (${formatValue(narrow.weight, unit)}, ${share})`,
    );
  }
  if (tooDeep > 0) notes.push(`${groupDigits(tooDeep)} frames deeper than ${groupDigits(MAX_ROWS)} rows are not drawn`);
  return notes;
}
