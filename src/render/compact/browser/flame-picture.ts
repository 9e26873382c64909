import { type FlameData, readData } from '../../../embedded/data-block.ts';
import { ofFrames } from '../../../embedded/flame-rows.ts';
import { KINDS, TIERS } from '../../../profile/profile.ts';
import { formatPercent } from '../../../profile/units.ts';
import { KIND_TITLES, TIER_TITLES } from '../../kind-titles.ts';
import { wordsOf } from '../words.ts';
import { groupOf, model, shades, unit } from './model.ts';
import { find } from './page.ts';
import type { Picture } from './picture.ts';
import { state } from './state.ts';

let data: FlameData;

/** The flame graph of one profile: colours are those of its functions. */
export const flamePicture: Picture = {
  dataId: 'data',
  read(text) {
    data = readData(text);
    const { rows, frames, scale } = data;
    const shadeOf = ofFrames(rows, frames.shade, shades.length - 1);
    return { rows, scale, functions: frames.length, words: wordsOf(data, unit), shadeOf };
  },
  legendLabel: 'Kinds of code',
  keys: [],
  tools: () => [],
  legendEnd: () => [],
  lines: () => [],
  tooltip: (index) => model().words.label(index),
  details,
  chosen() {
    const share = (top: number): string => formatPercent(chosenSelf(top), model().rows.weight[top]!);
    return state.zoomed === 0 ? `Self: ${share(0)}` : `Self: ${share(state.zoomed)} of view, ${share(0)} of all`;
  },
  importance: (index) => model().rows.weight[index]!,
  address: () => '',
  recall: () => {},
};

function details(index: number): string {
  const { rows, words, self } = model();
  const { frames } = data;
  const whole = rows.weight[0]!;
  const value = (weight: number, more = ''): string =>
    `${words.value(weight)} (${formatPercent(weight, whole)}${more})`;
  const ofView =
    state.zoomed !== 0 &&
    rows.start[index]! >= rows.start[state.zoomed]! &&
    rows.weight[index]! <= rows.weight[state.zoomed]!
      ? `, ${formatPercent(rows.weight[index]!, rows.weight[state.zoomed]!)} of view`
      : '';
  const parts = [value(rows.weight[index]!, ofView), `self ${value(self[index]!)}`];
  if (index > 0) {
    const frame = rows.frame[index]!;
    const kind = KINDS[frames.kind[frame]!]!;
    const tier = TIERS[frames.tier[frame]!]!;
    if (kind !== 'unknown') parts.push(KIND_TITLES[kind]);
    if (tier !== 'none') parts.push(TIER_TITLES[tier]);
    const entry = find(`#legend [data-group="${CSS.escape(groupOf(index))}"]`)?.getAttribute('data-title');
    if (entry && !parts.includes(entry)) parts.push(entry);
    const module = words.module(index);
    if (module !== '') parts.push(module.slice(module.lastIndexOf('/') + 1));
  }
  return parts.join('  ·  ');
}

/** Self weight within a frame of the kinds that are singled out. */
function chosenSelf(top: number): number {
  const { rows, self, shadeOf } = model();
  const chosen = Uint8Array.from(shades, ({ group }) => (state.kinds.has(group) ? 1 : 0));
  const from = rows.start[top]!;
  const to = from + rows.weight[top]!;
  let sum = 0;
  for (let i = Math.max(1, top); i < self.length; i++) {
    if (i !== top && (rows.start[i]! < from || rows.start[i]! >= to)) continue;
    if (chosen[shadeOf[i]!] === 1) sum += self[i]!;
  }
  return sum;
}
