import type { EmbeddedSide } from '../../embedded/element.ts';
import { plural } from '../../plural.ts';
import type { Profile, ValueType } from '../../profile/profile.ts';
import { formatPercent, groupDigits } from '../../profile/units.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { valueTypeOf } from './count-names.ts';
import { cutOf } from './cut.ts';
import type { DrawnFrames } from './drawn-frames.ts';
import { fitCounts } from './fitted-counts.ts';
import { type PlacedFrames, profileOfFrames, selfCounts } from './frames-profile.ts';
import { type FrameRows, frameRows, type Places } from './parents.ts';
import type { PictureFacts } from './picture-reader.ts';

/** Counts of the frames of a picture. */
interface Counted {
  readonly counts: Float64Array;
  readonly valueType: ValueType;
}

/**
 * A profile of what a flame graph shows. The weight of each path is that of the picture; what the picture left out weighs
 * for its callers, and is not made up.
 * @throws {FormatError} frames do not lie as those of a flame graph do
 */
export function readFrames(
  input: Input,
  frames: DrawnFrames,
  facts: PictureFacts,
  asked: EmbeddedSide | undefined,
  notes: Notes,
): Profile {
  const side = asked ?? 'after';
  const isExact = frames.weight.toArray().every((weight) => weight >= 0);
  const counted = isExact ? exactCounts(frames, facts, notes) : titleCounts(input, frames, facts, notes);
  const places = placesOf(frames, facts, isExact);
  const downwards = rootsOnTop(input, places, facts);
  const rows = frameRows(places, counted.counts, downwards);
  const total = weightOfRoots(rows, counted.counts);
  if (facts.nameless > 0) {
    const one = 'frame does not show its name: it goes by its title';
    const what = plural(facts.nameless, one, 'frames do not show their names: they go by their titles');
    notes.add(`${groupDigits(facts.nameless)} ${what}`);
  }
  if (rows.orphans > 0) {
    const one = 'frame lies on no other: it is left out, and weighs for nothing';
    const what = plural(rows.orphans, one, 'frames lie on no other: they are left out, and weigh for nothing');
    notes.add(`${groupDigits(rows.orphans)} ${what}`);
  }
  fitAndSay(rows, counted.counts, notes);
  if (facts.isDifferential && asked === undefined) notes.add(AFTER_IS_READ);
  if (facts.isDifferential) takeSide(input, frames, counted.counts, { total, rows, side, facts }, notes);
  const placed: PlacedFrames = {
    rows,
    names: frames.names,
    name: frames.name.toArray(),
    counts: counted.counts,
    whole: facts.whole,
  };
  const profile = profileOfFrames(placed, counted.valueType);
  const cut = cutOf(frames, facts, counted.counts, rows, total, notes);
  return { ...profile, meta: { notes: [], ...(cut > 0 ? { cut } : {}) } };
}

function fitAndSay(rows: FrameRows, counts: Float64Array, notes: Notes): void {
  const { frames, most } = fitCounts(rows, counts);
  if (frames === 0) return;
  notes.add(
    `counts in the picture do not add up, as rounded ones do not: on ${groupDigits(frames)} ` +
      `${plural(frames, 'frame lies more than it weighs', 'frames lies more than they weigh')} (up to ${groupDigits(most, 3)}); that is taken off`,
  );
}

function weightOfRoots({ order, rowStart }: FrameRows, counts: Float64Array): number {
  let total = 0;
  for (let i = 0; i < rowStart[1]!; i++) total += counts[order[i]!]!;
  return total;
}

/** `fg:w` are samples, whatever titles are multiplied by. */
function exactCounts(frames: DrawnFrames, { root, whole, countName = '' }: PictureFacts, notes: Notes): Counted {
  const counts = Float64Array.from(frames.weight.toArray());
  const total = whole < 0 ? Number.NaN : counts[whole]!;
  const type = root.get('data-value-type');
  const unit = root.get('data-value-unit');
  if (type !== undefined && unit !== undefined) return { counts, valueType: { type, unit } };
  const titled = whole < 0 ? total : frames.count.at(whole);
  const valueType = valueTypeOf(countName);
  const factor = factorBetween(total, titled);
  if (factor === 1) return { counts, valueType };
  if (valueType.unit === 'count') {
    notes.add(`counts in the picture are multiplied by ${factor} (--factor): they are read without that`);
    return { counts, valueType };
  }
  notes.add(`weights are ${factor} ${countName} a sample (--factor)`);
  return { counts: counts.map((count) => count * factor), valueType };
}

/** The number of the fewest digits by which a weight became the number in a title, which was rounded. */
function factorBetween(weight: number, titled: number): number {
  if (!(weight > 0) || !(titled > 0) || Math.abs(weight - titled) <= 0.5) return 1;
  for (let digits = 1; digits < 15; digits++) {
    const factor = Number((titled / weight).toPrecision(digits));
    if (Math.abs(weight * factor - titled) <= 0.5) return factor;
  }
  return titled / weight;
}

function titleCounts(
  input: Input,
  frames: DrawnFrames,
  { whole, countName = '' }: PictureFacts,
  notes: Notes,
): Counted {
  const counts = Float64Array.from(frames.count.toArray());
  const total = whole < 0 ? Number.NaN : counts[whole]!;
  let guessed = 0;
  for (let frame = 0; frame < counts.length; frame++) {
    if (!Number.isNaN(counts[frame]!)) continue;
    guessed++;
    if (whole < 0) throw new FormatError(input, '', 'frames have no counts', 'the file was changed: draw it again');
    counts[frame] = Math.round((total * frames.width.at(frame)) / frames.width.at(whole));
  }
  if (guessed > 0) {
    const one = 'frame has a title without a count: it is told by its width';
    const what = plural(guessed, one, 'frames have titles without counts: those are told by their widths');
    notes.add(`${groupDigits(guessed)} ${what}`);
  }
  return { counts, valueType: valueTypeOf(countName) };
}

function placesOf(frames: DrawnFrames, { decimals }: PictureFacts, isExact: boolean): Places {
  const y = frames.y.toArray();
  if (isExact && frames.start.toArray().every((start) => start >= 0)) {
    return { start: frames.start.toArray(), width: frames.weight.toArray(), y, slack: 0 };
  }
  return { start: frames.x.toArray(), width: frames.width.toArray(), y, slack: 0.5 * 10 ** -decimals };
}

/** Whether the roots are on top, as in icicles. */
function rootsOnTop(input: Input, { y, width }: Places, { whole }: PictureFacts): boolean {
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (const height of y) {
    if (height < top) top = height;
    if (height > bottom) bottom = height;
  }
  if (whole < 0) {
    // Several graphs beside each other: the roots are the row that is filled
    let more = 0;
    for (let frame = 0; frame < y.length; frame++) {
      if (y[frame] === top) more += width[frame]!;
      if (y[frame] === bottom) more -= width[frame]!;
    }
    return more > 0;
  }
  if (y[whole] === top) return true;
  if (y[whole] === bottom) return false;
  throw new FormatError(input, '', 'frames lie above and below the one that is the whole', 'this is no flame graph');
}

interface SideWanted {
  readonly total: number;
  readonly rows: FrameRows;
  readonly side: EmbeddedSide;
  readonly facts: PictureFacts;
}

/**
 * Makes counts those of one side. Pictures of other tools are drawn of the after side, ours say which (`data-widths`).
 * @throws {FormatError} the side cannot be told
 */
function takeSide(input: Input, frames: DrawnFrames, counts: Float64Array, wanted: SideWanted, notes: Notes): void {
  const { root } = wanted.facts;
  const drawn = root.get('data-widths') ?? 'after';
  if (drawn === wanted.side) return;
  if (drawn !== 'after') {
    throw new FormatError(
      input,
      '',
      `the ${wanted.side} side cannot be told: frames are as wide as ${drawn === 'before' ? 'before' : 'the larger of both sides'}`,
      'draw it again without --no-embed',
    );
  }
  notes.add(BEFORE_IS_TOLD);
  const isOurs = root.has('data-value-type');
  const isTotal = isOurs && root.get('data-changes') !== 'self';
  toBeforeSide(frames, counts, wanted, isTotal, root.get('data-negated') === 'true' ? -1 : 1);
  if (!isTotal) return;
  const { whole } = wanted.facts;
  const before = Number(root.get('data-before-total') ?? Number.NaN);
  if (whole >= 0 && before >= 0) counts[whole] = before;
  fitCounts(wanted.rows, counts);
}

/**
 * Differential graphs say by how much a frame changed: ours with all that lies on it, and in before weights that are scaled
 * to the after side's; those of other tools by the line of folded text that ends in it, which is its self weight.
 */
function toBeforeSide(
  { delta }: DrawnFrames,
  counts: Float64Array,
  { total, rows }: SideWanted,
  isTotal: boolean,
  sign: number,
): void {
  const isWhole = counts.every(Number.isInteger) && !isTotal;
  const change = (frame: number): number => {
    const exact = (sign * delta.at(frame) * total) / 100 || 0;
    return isWhole ? Math.round(exact) : exact;
  };
  if (isTotal) {
    for (let frame = 0; frame < counts.length; frame++) counts[frame] = Math.max(0, counts[frame]! - change(frame));
    return;
  }
  const before = selfCounts(rows, counts);
  for (let frame = 0; frame < before.length; frame++) before[frame] = Math.max(0, before[frame]! - change(frame));
  const { order, parent } = rows;
  for (let i = order.length - 1; i >= 0; i--) if (parent[i]! >= 0) before[order[parent[i]!]!]! += before[order[i]!]!;
  counts.set(before);
}

export const AFTER_IS_READ = 'of a differential graph its after side is read: --side before reads the other';
const BEFORE_IS_TOLD = `the before side is what changes in percent tell, to ${formatPercent(0.00005, 1, 3)} of the whole; stacks that vanished are not in it`;
