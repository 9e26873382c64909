import { type DiffData, readDiff } from '../../../src/embedded/diff-block.ts';
import { ownOf } from '../../../src/embedded/diff-weights.ts';
import type { Comparison } from '../../../src/profile/diff/comparison.ts';
import { VERDICTS } from '../../../src/profile/diff/comparison.ts';
import { frameLabel, placeLabel } from '../../../src/profile/frame-label.ts';
import { diffSvg } from '../../../src/render/diff/compact-diff.ts';
import type { DiffPictureOptions } from '../../../src/render/diff/options.ts';
import { unescapeXml } from '../read-svg.ts';

export function draw(comparison: Comparison, options: DiffPictureOptions = {}): string {
  return [...diffSvg.render(comparison, options)].join('');
}

/** The data block of a picture, read as its script reads it. */
export function dataOf(svg: string): DiffData {
  return readDiff(unescapeXml(/<metadata id="comparison">([\s\S]*?)<\/metadata>/.exec(svg)![1]!));
}

/** `a;b BEFORE AFTER verdict` for every frame of a picture, own weights; sorted. */
export function linesOfData({ rows, scale, frames, strings }: DiffData): string[] {
  const text = (column: Int32Array, frame: number): string => strings[column[frame]!]!;
  const label = (frame: number): string =>
    placeLabel(text(frames.name, frame), text(frames.file, frame), frames.line[frame]!, frames.column[frame]!);
  const before = ownOf(rows.before, rows.parent);
  const after = ownOf(rows.after, rows.parent);
  const inUnits = (weight: number): number => (weight * scale[0]) / scale[1];
  const lines: string[] = [];
  for (let i = 1; i < rows.frame.length; i++) {
    const names: string[] = [];
    for (let j = i; j > 0; j = rows.parent[j]!) names.push(label(rows.frame[j]!));
    const verdict = VERDICTS[rows.verdict[i]!]!;
    lines.push(`${names.reverse().join(';')} ${inUnits(before[i]!)} ${inUnits(after[i]!)} ${verdict}`);
  }
  return lines.sort();
}

/** The same of a comparison. */
export function linesOfComparison({ profile, paths }: Comparison): string[] {
  const { stacks, samples } = profile;
  const own = [0, 1].map((side) => {
    const column = new Float64Array(stacks.length);
    samples.stack.forEach((stack, row) => {
      if (stack >= 0) column[stack]! += samples.values[side]![row]!;
    });
    return column;
  });
  return Array.from({ length: stacks.length }, (_, path) => {
    const names: string[] = [];
    for (let at = path; at >= 0; at = stacks.parent[at]!) names.push(frameLabel(profile, stacks.frame[at]!));
    return `${names.reverse().join(';')} ${own[0]![path]!} ${own[1]![path]!} ${VERDICTS[paths.verdict[path]!]!}`;
  }).sort();
}
