import { type FlameData, readData } from '../../../src/embedded/data-block.ts';
import { selfWeightsOf } from '../../../src/embedded/flame-rows.ts';
import { placeLabel } from '../../../src/profile/frame-label.ts';
import { defaultValueIndex, type Profile } from '../../../src/profile/profile.ts';
import { chooseFrames } from '../../../src/render/compact/choose-frames.ts';
import { compactSvg } from '../../../src/render/compact/compact-svg.ts';
import { flameLayout } from '../../../src/render/flame-layout.ts';
import type { FlameSvgOptions } from '../../../src/render/flame-svg.ts';
import { unescapeXml } from '../read-svg.ts';

export function draw(profile: Profile, options: FlameSvgOptions = {}): string {
  return [...compactSvg.render(profile, options)].join('');
}

/** The data block of a picture, read as its script reads it. */
export function dataOf(svg: string): FlameData {
  return readData(unescapeXml(/<metadata id="data">([\s\S]*?)<\/metadata>/.exec(svg)![1]!));
}

function labelOf({ frames, strings }: FlameData, frame: number): string {
  const text = (column: Int32Array): string => strings[column[frame]!]!;
  return placeLabel(text(frames.name), text(frames.file), frames.line[frame]!, frames.column[frame]!);
}

/** The labels of all functions that a picture holds, those drawn most often first. */
export function functionsOf(svg: string): string[] {
  const data = dataOf(svg);
  return Array.from({ length: data.frames.length }, (_, frame) => labelOf(data, frame));
}

/** The rows that a picture of everything holds. */
export function rowsOf(profile: Profile) {
  const layout = flameLayout(profile, { valueIndex: defaultValueIndex(profile), minFraction: 0 });
  return { layout, chosen: chooseFrames(layout, 0, profile.frames.length) };
}

/** `a;b 3` for every frame with self weight; samples without a stack are a bare number. Sorted. */
export function foldedOf(data: FlameData): string[] {
  const { rows, scale } = data;
  const self = selfWeightsOf(rows);
  const lines: string[] = [];
  for (let i = 0; i < self.length; i++) {
    if (self[i] === 0) continue;
    const names: string[] = [];
    for (let j = i; j > 0; j = rows.parent[j]!) names.push(labelOf(data, rows.frame[j]!));
    lines.push([...(names.length > 0 ? [names.reverse().join(';')] : []), (self[i]! * scale[0]) / scale[1]].join(' '));
  }
  return lines.sort();
}
