import type { DrawnTree } from '../../profile/drawn-tree.ts';
import type { Input } from '../format.ts';
import { viewOf } from '../text/byte-keys.ts';
import { countStart, decimal, isBlank } from './bytes.ts';
import { DrawnLabels } from './drawn-labels.ts';
import { DrawnRows } from './drawn-rows.ts';
import { longerPath } from './lines.ts';
import { twoCounts } from './print.ts';

/** Fits a core's own cache; longer lines make it longer. */
const WINDOW = 1 << 20;
const NEWLINE = 10;
const HASH = 35;
const SEMICOLON = 59;
const BRACKET = 91;
const BRACKET_END = 93;
/** Bytes by which the weight of the whole text can be guessed, and the part of it that is counted on. */
const SURE_ENOUGH = 1 << 16;
const CAUTION = 0.8;
/** The text is not as it should be: no byte more of it needs to be read. */
const GAVE_UP = new Error('not sorted, or not plain');
/** Bytes behind the window, so that what stands at its end can be read by whole words, and an end of line be set. */
const SLACK = 8;

/**
 * Reads folded text that is sorted, as all collapsers write it, in one pass: what a line shares with the line before it
 * stays open, the rest is closed, and forgotten where it is narrower than the least part of the weight so far, which
 * can only grow, or of a cautious guess of the whole. Memory grows with what is drawn. Whatever is not the plain shape
 * `frame;frame COUNT` in the order of bytes, or would have to be looked at by the model (places in scripts), makes it
 * give up.
 */
export class FoldedDrawing {
  private readonly input: Input;
  private readonly rows: DrawnRows;
  private bytes: Buffer;
  private view: DataView;
  private readonly labels = new DrawnLabels();
  /** The last stack: where each frame ends behind the start of the line, the innermost nameless frame so far, its leaf. */
  private ends = new Int32Array(64);
  private nameless = new Int32Array(64);
  private depth = 0;
  private leaf = -1;
  private weight = 0;
  private samples = 0;
  /** How many of its frames are rows that are open. */
  private opened = 0;
  /** What scanning a line found: where frames end behind its start, and where it ends. */
  private found = new Int32Array(64);
  private lineEnd = 0;
  private lastStart = 0;
  private lastLength = 0;
  /** Of the text, in bytes, and how many of them stood before the window. */
  private readonly size: number;
  private passed = 0;
  private readonly total: number | undefined;
  /** The weight of the text, where it could be read but its weight was guessed wrong: it is to be read once more. */
  misjudged: number | undefined;

  /**
   * @param minFraction narrower nodes are not kept
   * @param size of the whole text in bytes: its weight is guessed by it
   * @param total its weight, where that is known
   * @param window bytes of the window, for tests
   */
  constructor(input: Input, minFraction: number, size: number, total?: number, window = WINDOW) {
    this.input = input;
    this.size = size;
    this.total = total;
    this.rows = new DrawnRows(minFraction);
    if (total !== undefined) this.rows.expect(total);
    this.bytes = Buffer.allocUnsafeSlow(window + SLACK);
    this.view = viewOf(this.bytes);
  }

  /** @returns undefined where the text is not as it should be, or its weight was misjudged */
  async read(): Promise<DrawnTree | undefined> {
    try {
      await this.readLines();
      if (this.depth === 0) return undefined;
      this.settle(0, false);
      const tree = this.rows.tree();
      if (tree !== undefined) return { ...tree, ...this.labels.finish(), samples: this.samples, rootSelf: 0 };
      this.misjudged = this.rows.whole;
      return undefined;
    } catch (error) {
      if (error === GAVE_UP) return undefined;
      throw error;
    }
  }

  private async readLines(): Promise<void> {
    let filled = 0;
    let start = 0;
    await this.input.readInto(
      () => this.bytes.subarray(filled, this.bytes.length - SLACK),
      (length) => {
        filled += length;
        if (filled < this.bytes.length - SLACK) return;
        start = this.lines(start, filled);
        // The last line stays: what is still open on it is not yet named
        const kept = this.depth === 0 ? start : this.lastStart;
        if (kept === 0) return this.grow();
        this.bytes.copyWithin(0, kept, filled);
        this.passed += kept;
        filled -= kept;
        start -= kept;
        this.lastStart -= kept;
      },
    );
    // The last line may have no end
    this.bytes[filled++] = NEWLINE;
    if (this.bytes[filled - 2] === NEWLINE) filled--;
    if (this.lines(start, filled) < filled) this.giveUp();
  }

  private grow(): void {
    const longer = Buffer.allocUnsafeSlow(this.bytes.length * 2);
    this.bytes.copy(longer);
    this.bytes = longer;
    this.view = viewOf(longer);
  }

  /** @returns where the rest behind the last whole line starts */
  private lines(from: number, to: number): number {
    // What stands there from before must not be taken for a character
    this.view.setInt32(to, 0);
    let start = from;
    while (start < to) {
      const next = this.line(start, to);
      if (next < 0) return start;
      start = next;
      const read = this.passed + start;
      if (read > SURE_ENOUGH && this.total === undefined) {
        this.rows.expect(((this.rows.whole * this.size) / read) * CAUTION);
      }
    }
    return start;
  }

  /** @returns where the next line starts; -1 where this one does not end before `to`: then nothing was done */
  private line(start: number, to: number): number {
    const { bytes, depth, ends } = this;
    const same = this.shared(start, to);
    let shared = depth;
    while (shared > 0 && ends[shared - 1]! > same) shared--;
    // A frame of the last line that this one goes on behind, or ends with: which of the two its end tells
    const isUnsure = shared > 0 && ends[shared - 1] === same && bytes[start + same] !== SEMICOLON;
    if (isUnsure) shared--;
    const frames = this.scan(start, to, shared);
    if (frames < 0) return -1;
    const end = this.lineEnd;
    const cut = countStart(bytes, start, end) - 1;
    if (cut <= start || bytes[start] === HASH || isBlank(bytes[start]!) || isBlank(bytes[cut - 1]!)) this.giveUp();
    this.found[frames - 1] = cut - start;
    const weight = decimal(bytes, cut + 1, end);
    if (weight === 0 || this.isOutOfOrder(start, cut, same)) this.giveUp();
    // All lines would have to have two counts, but whether they do shows at the end only
    if (depth === 0 && twoCounts.test(bytes.toString('latin1', Math.max(start, end - 64), end))) this.giveUp();

    if (isUnsure && this.found[0] === ends[shared]) {
      // The last stack once more
      this.settle(depth, false);
      this.opened = depth;
    } else {
      // Unsure: a sibling whose name begins with the last one's, behind which more of that one may follow
      this.settle(shared, isUnsure);
      this.take(start, shared, frames);
      this.opened = shared;
    }
    this.lastStart = start;
    this.lastLength = cut - start;
    this.weight = weight;
    this.samples++;
    return end + 1;
  }

  /** How many bytes the line has in common with the last stack. */
  private shared(start: number, to: number): number {
    const { view, bytes, lastStart } = this;
    if (this.depth === 0) return 0;
    const most = Math.min(this.lastLength, to - start);
    let same = 0;
    while (same + 4 <= most && view.getInt32(start + same) === view.getInt32(lastStart + same)) same += 4;
    while (same < most && bytes[start + same] === bytes[lastStart + same]) same++;
    return same;
  }

  /** Whether a stack should stand before the last one. */
  private isOutOfOrder(start: number, cut: number, same: number): boolean {
    if (same >= cut - start) return cut - start < this.lastLength;
    return same < this.lastLength && this.bytes[start + same]! < this.bytes[this.lastStart + same]!;
  }

  /**
   * Finds where the frames of a line end, behind those that it shares with the last one, and the line: `found`, `lineEnd`.
   * @returns how many; -1 where the line does not end before `to`
   */
  private scan(start: number, to: number, shared: number): number {
    const { view } = this;
    let at = shared === 0 ? start : start + this.ends[shared - 1]! + 1;
    let frames = 0;
    while (at < to) {
      const word = view.getInt32(at, true);
      // The highest bit of each byte that ends a frame, perhaps of bytes behind it too (Warren, Hacker's Delight, 6-1)
      const semicolons = word ^ 0x3b3b3b3b;
      const newlines = word ^ 0x0a0a0a0a;
      const marks = (((semicolons - 0x01010101) & ~semicolons) | ((newlines - 0x01010101) & ~newlines)) & 0x80808080;
      // The highest four bits of a byte are those that start a character beyond UCS-2
      if ((word & (word << 1) & (word << 2) & (word << 3) & 0x80808080) !== 0) this.giveUp();
      if (marks === 0) {
        at += 4;
        continue;
      }
      at += (31 - Math.clz32(marks & -marks)) >> 3;
      if (at >= to) break;
      if (frames === this.found.length) this.found = longerPath(this.found);
      this.found[frames++] = at - start;
      if (this.bytes[at] === NEWLINE) {
        this.lineEnd = at;
        return frames;
      }
      at++;
    }
    return -1;
  }

  /** Makes what was found the last line's frames, behind those that it shares with the one before it. */
  private take(start: number, shared: number, frames: number): void {
    const { bytes, found } = this;
    let from = shared === 0 ? start : start + this.ends[shared - 1]! + 1;
    let nameless = shared === 0 ? -1 : this.nameless[shared - 1]!;
    while (shared + frames > this.ends.length) {
      this.ends = longerPath(this.ends);
      this.nameless = longerPath(this.nameless);
    }
    let leafFrom = from;
    for (let i = 0; i < frames; i++) {
      const to = start + found[i]!;
      // No name, or blanks around it: the model has ways with those
      if (to <= from || isBlank(bytes[from]!) || isBlank(bytes[to - 1]!)) this.giveUp();
      if (bytes[from] === BRACKET && bytes[to - 1] === BRACKET_END) {
        const frame = this.frame(from, to);
        if (this.labels.isNameless(frame)) nameless = frame;
      }
      this.ends[shared + i] = found[i]!;
      this.nameless[shared + i] = nameless;
      leafFrom = from;
      from = to + 1;
    }
    this.leaf = this.frame(leafFrom, start + found[frames - 1]!);
    this.depth = shared + frames;
  }

  /**
   * Gives the last line's weight to the rows, now that it is known how many of its frames go on: those that do not, and
   * were not open before it, are its alone, and mostly too narrow to become rows at all.
   * @param depth how many go on
   * @param mayComeAgain the frame behind those may be opened again
   */
  private settle(depth: number, mayComeAgain: boolean): void {
    const { rows } = this;
    if (this.depth === 0) return;
    this.labels.weigh(this.leaf, this.nameless[this.depth - 1]!, this.weight);
    let open = this.opened;
    while (open < depth) this.openRow(open++);
    if (open < this.depth && !mayComeAgain && rows.isNarrow(this.weight) && !rows.hasComeBefore(open)) {
      rows.addNarrow(this.depth - open, this.weight);
    } else {
      while (open < this.depth) this.openRow(open++);
      rows.add(this.weight);
    }
    if (mayComeAgain) rows.mayComeAgain(depth, this.nameAt(depth));
    while (open > depth) {
      open--;
      if (rows.close()) rows.name(this.frame(this.startOf(open), this.lastStart + this.ends[open]!));
    }
  }

  private openRow(depth: number): void {
    this.rows.open(depth, this.rows.hasComeBefore(depth) ? this.nameAt(depth) : undefined);
  }

  /** Where a frame of the last line starts in the window. */
  private startOf(depth: number): number {
    return this.lastStart + (depth === 0 ? 0 : this.ends[depth - 1]! + 1);
  }

  private nameAt(depth: number): string {
    return this.bytes.toString('latin1', this.startOf(depth), this.lastStart + this.ends[depth]!);
  }

  /** The number of the label between two places. */
  private frame(from: number, to: number): number {
    const frame = this.labels.frame(this.bytes, this.view, from, to);
    if (frame < 0) this.giveUp();
    return frame;
  }

  private giveUp(): never {
    throw GAVE_UP;
  }
}
