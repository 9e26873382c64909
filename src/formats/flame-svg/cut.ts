import { formatPercent, groupDigits } from '../../profile/units.ts';
import type { Notes } from '../format.ts';
import type { DrawnFrames } from './drawn-frames.ts';
import type { FrameRows } from './parents.ts';
import type { PictureFacts } from './picture-reader.ts';

/** What the tools leave out unless they are told otherwise: flamegraph.pl in px, inferno as a part of the whole. */
const PERL_LEAST_PX = 0.1;
const INFERNO_LEAST = 0.0001;
/** Of so many leaves some are about as narrow as what was left out. */
const MANY = 20;

/**
 * The weight of which paths may be missing from a picture if they have less; 0 = none is missing. Nobody writes it into the
 * file: it is that of the tool's default, or where all of many leaves are much wider, the least that was drawn.
 */
export function cutOf(
  frames: DrawnFrames,
  { root, inPercent, whole }: PictureFacts,
  counts: Float64Array,
  { parent }: FrameRows,
  total: number,
  notes: Notes,
): number {
  const least = counts.reduce(
    (smallest, count) => (count > 0 && count < smallest ? count : smallest),
    Number.POSITIVE_INFINITY,
  );
  const leftOut = root.get('data-left-out-frames');
  if (leftOut !== undefined) {
    if (leftOut === '0') return 0;
    notes.add(
      weighsForCallers(`${groupDigits(Number(leftOut))} frames`, Number(root.get('data-left-out-weight')), total),
    );
    return least;
  }
  const usual = inPercent
    ? total * INFERNO_LEAST
    : (total * PERL_LEAST_PX) / (whole < 0 ? Number.NaN : frames.width.at(whole));
  const isUsual = usual > 0 && (leavesOf(parent) < MANY || least <= 2 * usual);
  const cut = isUsual ? usual : least;
  // Nothing weighs less than one, where all weights are whole
  if (!Number.isFinite(cut) || (cut <= 1 && counts.every(Number.isInteger))) return 0;
  notes.add(
    `frames of less than about ${groupDigits(cut, cut < 10 ? 2 : 0)} (${formatPercent(cut, total, 3)}) may be missing ` +
      'from the picture: what those weigh counts for their callers',
  );
  return cut;
}

/** How many frames have nothing on them. */
function leavesOf(parent: Int32Array): number {
  const hasCallee = new Uint8Array(parent.length);
  for (const on of parent) if (on >= 0) hasCallee[on] = 1;
  return hasCallee.reduce((leaves, one) => leaves + 1 - one, 0);
}

/** Says how much of a picture of ours stands for what is not in it. */
export function weighsForCallers(frames: string, weight: number, total: number): string {
  return `${frames} were too narrow to draw: what they weigh (${formatPercent(weight, total)}) counts for their callers`;
}
