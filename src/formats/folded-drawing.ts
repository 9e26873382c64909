import { ProfileBuilder } from '../profile/builder.ts';
import type { DrawnTree } from '../profile/drawn-tree.ts';
import { parseFrameLabel } from '../profile/frame-label.ts';
import { labelKind } from '../profile/kind.ts';
import { isNamelessName } from '../profile/unknown.ts';
import { ByteKeys, HASH_SEED, hashWord, viewOf } from './byte-keys.ts';
import { DrawnRows } from './drawn-rows.ts';
import { countStart, decimal, isBlank } from './folded-bytes.ts';
import { longerPath } from './folded-lines.ts';
import { twoCounts } from './folded-print.ts';
import type { Input } from './format.ts';

/** Fits a core's own cache; longer lines make it longer. */
const WINDOW = 1 << 20;
const NEWLINE = 10;
const HASH = 35;
const SEMICOLON = 59;
const BRACKET = 91;
const BRACKET_END = 93;
/** Starts what UTF-16 sorts before shorter characters, and UTF-8 behind them. */
const FOUR_BYTES = 0xf0;
/** The text is not as it should be: no byte more of it needs to be read. */
const GAVE_UP = new Error('not sorted, or not plain');
/** Bytes behind the window, so that what stands at its end can be read by whole words. */
const SLACK = 4;

/**
 * Reads folded text that is sorted, as all collapsers write it, in one pass: what a line shares with the line before it
 * stays open, the rest is closed, and forgotten where it is narrower than the least part of the weight so far, which
 * can only grow. Memory grows with what is drawn. Whatever is not the plain shape `frame;frame COUNT` in the order of bytes, or
 * would have to be looked at by the model (places in scripts), makes it give up.
 */
export class FoldedDrawing {
  private readonly input: Input;
  private readonly rows: DrawnRows;
  private bytes: Buffer;
  private view: DataView;
  private readonly builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  /** Labels as bytes to rows of the profile's frames. */
  private readonly keys = new ByteKeys();
  private readonly isNameless: boolean[] = [];
  /** Weight by leaf, and by nameless frame and leaf where there is one. */
  private readonly leafWeight: number[] = [];
  private readonly namelessWeight = new Map<number, Map<number, number>>();
  /** The last stack: where each frame ends behind the start of the line, the innermost nameless frame so far, its leaf. */
  private ends = new Int32Array(64);
  private nameless = new Int32Array(64);
  private depth = 0;
  private leaf = -1;
  private weight = 0;
  /** How many of its frames are rows that are open. */
  private opened = 0;
  private lastStart = 0;
  private lastLength = 0;
  private first = true;

  /**
   * @param minFraction narrower nodes are not kept
   * @param size of the window in bytes, for tests
   */
  constructor(input: Input, minFraction: number, size = WINDOW) {
    this.input = input;
    this.rows = new DrawnRows(minFraction);
    this.bytes = Buffer.allocUnsafeSlow(size + SLACK);
    this.view = viewOf(this.bytes);
  }

  /** @returns undefined where the text is not as it should be */
  async read(): Promise<DrawnTree | undefined> {
    try {
      await this.readLines();
      if (this.depth === 0) return undefined;
      this.settle(0, false);
      return this.drawn();
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
        filled -= kept;
        start -= kept;
        this.lastStart -= kept;
      },
    );
    start = this.lines(start, filled);
    if (start < filled) this.line(start, filled);
  }

  private grow(): void {
    const longer = Buffer.allocUnsafeSlow(this.bytes.length * 2);
    this.bytes.copy(longer);
    this.bytes = longer;
    this.view = viewOf(longer);
  }

  /** @returns where the rest behind the last whole line starts */
  private lines(from: number, to: number): number {
    const text = this.bytes.subarray(0, to);
    let start = from;
    for (;;) {
      const end = text.indexOf(NEWLINE, start);
      if (end < 0) return start;
      this.line(start, end);
      start = end + 1;
    }
  }

  private line(start: number, end: number): void {
    const { bytes } = this;
    const cut = countStart(bytes, start, end) - 1;
    if (cut <= start || bytes[start] === HASH || isBlank(bytes[start]!) || isBlank(bytes[cut - 1]!)) this.giveUp();
    const weight = decimal(bytes, cut + 1, end);
    if (weight === 0) this.giveUp();
    // All lines would have to have two counts, but whether they do shows at the end only
    if (this.first && twoCounts.test(bytes.toString('latin1', Math.max(start, end - 64), end))) this.giveUp();
    this.first = false;

    const same = this.shared(start, cut);
    if (same < 0) this.giveUp();
    let depth = this.depth;
    while (depth > 0 && this.ends[depth - 1]! > same) depth--;
    const continues = start + same < cut;
    // A sibling whose name begins with this one's: more of this one may follow behind it
    const mayComeAgain = depth > 0 && this.ends[depth - 1] === same && continues && bytes[start + same] !== SEMICOLON;
    if (mayComeAgain) depth--;
    this.settle(depth, mayComeAgain);
    this.scan(start, cut, depth);
    this.lastStart = start;
    this.lastLength = cut - start;
    this.opened = depth;
    this.weight = weight;
  }

  /** How many bytes the line has in common with the last one; -1 where it should stand before that one. */
  private shared(start: number, cut: number): number {
    const { view, bytes, lastStart } = this;
    if (this.depth === 0) return 0;
    const length = cut - start;
    const most = Math.min(this.lastLength, length);
    let same = 0;
    while (same + 4 <= most && view.getInt32(start + same) === view.getInt32(lastStart + same)) same += 4;
    while (same < most && bytes[start + same] === bytes[lastStart + same]) same++;
    const isBefore = same < most ? bytes[start + same]! < bytes[lastStart + same]! : length < this.lastLength;
    return isBefore ? -1 : same;
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
    this.weigh();
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

  /** Finds the frames of a line behind those that it shares with the last one. */
  private scan(start: number, cut: number, shared: number): void {
    const { bytes } = this;
    let depth = shared;
    let at = depth === 0 ? start : start + this.ends[depth - 1]! + 1;
    let from = at;
    while (at <= cut) {
      from = at;
      for (; at < cut; at++) {
        const byte = bytes[at]!;
        if (byte === SEMICOLON) break;
        if (byte >= FOUR_BYTES) this.giveUp();
      }
      // No name, or blanks around it: the model has ways with those
      if (at === from || isBlank(bytes[from]!) || isBlank(bytes[at - 1]!)) this.giveUp();
      if (depth === this.ends.length) {
        this.ends = longerPath(this.ends);
        this.nameless = longerPath(this.nameless);
      }
      this.ends[depth] = at - start;
      let nameless = depth === 0 ? -1 : this.nameless[depth - 1]!;
      if (bytes[from] === BRACKET && bytes[at - 1] === BRACKET_END) {
        const frame = this.frame(from, at);
        if (this.isNameless[frame]) nameless = frame;
      }
      this.nameless[depth++] = nameless;
      at++;
    }
    // Where it is the last stack once more, so is the leaf
    if (depth > shared) this.leaf = this.frame(from, cut);
    this.depth = depth;
  }

  /** The row of the profile's frames for a label. */
  private frame(from: number, to: number): number {
    const { view, bytes } = this;
    let hash = HASH_SEED;
    let at = from;
    for (; at + 4 <= to; at += 4) hash = hashWord(hash, view.getInt32(at, true));
    hash = hashWord(hash, view.getInt32(at, true) & ((1 << ((to - at) * 8)) - 1));
    const known = this.keys.get(hash, view, from, to);
    if (known >= 0) return known;
    const label = bytes.toString('utf8', from, to);
    const { file } = parseFrameLabel(label);
    // A script may have a source map, and bytes that are no text may be another label
    if (file !== undefined || label.includes('\ufffd')) this.giveUp();
    const frame = this.builder.frame({ name: label, kind: labelKind(label) });
    this.keys.set(hash, bytes, from, to, frame);
    this.isNameless[frame] = isNamelessName(label);
    this.leafWeight[frame] ??= 0;
    return frame;
  }

  /** Adds the last line's weight to what is known of leaves. */
  private weigh(): void {
    const { weight } = this;
    const nameless = this.nameless[this.depth - 1]!;
    if (nameless < 0) {
      this.leafWeight[this.leaf]! += weight;
      return;
    }
    let byLeaf = this.namelessWeight.get(nameless);
    if (byLeaf === undefined) {
      byLeaf = new Map();
      this.namelessWeight.set(nameless, byLeaf);
    }
    byLeaf.set(this.leaf, (byLeaf.get(this.leaf) ?? 0) + weight);
  }

  private giveUp(): never {
    throw GAVE_UP;
  }

  private drawn(): DrawnTree {
    const { builder } = this;
    this.leafWeight.forEach((weight, leaf) => {
      if (weight > 0) builder.sample(builder.stack(-1, leaf), [weight]);
    });
    for (const [nameless, byLeaf] of this.namelessWeight) {
      const above = builder.stack(-1, nameless);
      for (const [leaf, weight] of byLeaf) {
        builder.sample(leaf === nameless ? above : builder.stack(above, leaf), [weight]);
      }
    }
    return { ...this.rows.tree(), profile: builder.build({ notes: [] }) };
  }
}
