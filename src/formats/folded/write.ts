import { frameLabel } from '../../profile/frame-label.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { rootByThread, type ThreadMode } from '../../profile/threads.ts';
import { decimal } from '../text/decimal.ts';
import { foldedCounts, isDifferential } from './counts.ts';
import { linesByKernel } from './kernel.ts';
import { labelText, withDeclaration } from './print.ts';

const SEMICOLON = 59;
const HASH = 35;
const UNDERSCORE = 95;
const BLANK = 32;
const NEWLINE = 10;
/** Bytes that are given out at once, unless one line is longer. */
const PIECE = 1 << 17;

/**
 * One line a distinct stack with its weight of the default value type, sorted by frames. In labels `;` becomes `:` and
 * a line end or tab a blank. Samples without a stack are written as the one frame `[unknown]`. A profile of `before`
 * and `after` is written as a differential file, with both weights.
 * @param roots puts the samples' threads below their stacks, as {@link rootByThread} does
 * @returns bytes that are valid until the next are asked for
 */
export function writeFolded(profile: Profile, roots?: ThreadMode): Iterable<Uint8Array> {
  const lines = linesByKernel(profile, roots) ?? linesByScript(profile, roots);
  return isDifferential(profile) ? lines : withDeclaration(profile.valueTypes[defaultValueIndex(profile)]!, lines);
}

/** The lines without the kernel: where there is none, or not enough memory for it; and to test it against. */
export function linesByScript(profile: Profile, roots?: ThreadMode): Iterable<Uint8Array> {
  const rooted = roots === undefined ? profile : rootByThread(profile, roots);
  return new Lines(withUnknownRoot(rooted)).pieces();
}

/** The lines as bytes: a label is encoded once, a path grows and shrinks by its last label. */
class Lines {
  private readonly profile: Profile;
  private piece = Buffer.allocUnsafe(PIECE);
  private size = 0;
  /** The labels so far, one behind the other; of each frame where its label starts and ends, -1 = not yet. */
  private labels = Buffer.allocUnsafe(1 << 14);
  private labelsEnd = 0;
  private readonly labelStart: Int32Array;
  private readonly labelEnd: Int32Array;

  constructor(profile: Profile) {
    this.profile = profile;
    this.labelStart = new Int32Array(profile.frames.length).fill(-1);
    this.labelEnd = new Int32Array(profile.frames.length);
  }

  *pieces(): Iterable<Uint8Array> {
    const { length, parent, frame, counts } = foldedCounts(this.profile);
    let path = Buffer.allocUnsafe(1 << 12);
    // The nodes from the root on, and where the path up to each one ends
    let nodes = new Int32Array(64);
    let ends = new Int32Array(64);
    let depth = 0;
    for (let node = 0; node < length; node++) {
      while (depth > 0 && nodes[depth - 1] !== parent[node]) depth--;
      if (this.labelStart[frame[node]!]! < 0) this.encode(frame[node]!);
      const from = this.labelStart[frame[node]!]!;
      const to = this.labelEnd[frame[node]!]!;
      let end = depth === 0 ? 0 : ends[depth - 1]!;
      if (end + to - from + 2 > path.length) path = longer(path, end + to - from + 2);
      if (depth > 0) path[end++] = SEMICOLON;
      for (let i = from; i < to; i++) path[end++] = this.labels[i]!;
      if (depth === nodes.length) {
        nodes = longerInts(nodes);
        ends = longerInts(ends);
      }
      nodes[depth] = node;
      ends[depth++] = end;
      if (counts.every((column) => column[node] === 0)) continue;
      const count = counts.map((column) => decimal(column[node]!)).join(' ');
      // Both ends of the line, and room for the repairs of `add`
      const room = end + count.length + UNKNOWN.length + 2;
      if (this.size + room > this.piece.length) {
        if (this.size > 0) yield this.piece.subarray(0, this.size);
        this.piece = Buffer.allocUnsafe(Math.max(PIECE, room));
        this.size = 0;
      }
      this.add(path, end, count);
    }
    if (this.size > 0) yield this.piece.subarray(0, this.size);
  }

  /** Adds one line to the piece. It must neither look like a comment nor begin with its counts. */
  private add(path: Buffer, length: number, count: string): void {
    const { piece } = this;
    let at = this.size;
    if (isBlank(path, length)) at += UNKNOWN.copy(piece, at);
    else at += path.copy(piece, at, 0, length);
    if (path[0] === HASH && (length === 1 || path[1] === BLANK)) {
      piece[this.size + 1] = UNDERSCORE;
      at = Math.max(at, this.size + 2);
    }
    piece[at++] = BLANK;
    for (let i = 0; i < count.length; i++) piece[at++] = count.charCodeAt(i);
    piece[at++] = NEWLINE;
    this.size = at;
  }

  private encode(frame: number): void {
    const label = Buffer.from(labelText(frameLabel(this.profile, frame)));
    if (this.labelsEnd + label.length > this.labels.length) {
      this.labels = longer(this.labels, this.labelsEnd + label.length);
    }
    this.labels.set(label, this.labelsEnd);
    this.labelStart[frame] = this.labelsEnd;
    this.labelsEnd += label.length;
    this.labelEnd[frame] = this.labelsEnd;
  }
}

const UNKNOWN = Buffer.from('[unknown]');

function isBlank(path: Uint8Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (path[i] !== BLANK) return false;
  return true;
}

function longer(bytes: Buffer, least: number): Buffer<ArrayBuffer> {
  const copy = Buffer.allocUnsafe(least * 2);
  bytes.copy(copy);
  return copy;
}

function longerInts(column: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(column.length * 2);
  copy.set(column);
  return copy;
}

/** Gives samples without a stack one of a single frame without a name. */
function withUnknownRoot(profile: Profile): Profile {
  const { samples, stacks, frames } = profile;
  if (!samples.stack.includes(-1)) return profile;
  return {
    ...profile,
    frames: {
      length: frames.length + 1,
      name: oneMore(frames.name),
      file: oneMore(frames.file),
      line: oneMore(frames.line),
      column: oneMore(frames.column),
      module: oneMore(frames.module),
      kind: Uint8Array.from(oneMore(Int32Array.from(frames.kind))),
      tier: Uint8Array.from(oneMore(Int32Array.from(frames.tier))),
    },
    stacks: {
      length: stacks.length + 1,
      parent: oneMore(stacks.parent, -1),
      frame: oneMore(stacks.frame, frames.length),
    },
    samples: { ...samples, stack: samples.stack.map((stack) => (stack < 0 ? stacks.length : stack)) },
  };
}

function oneMore(column: Int32Array, value = 0): Int32Array {
  const copy = new Int32Array(column.length + 1);
  copy.set(column);
  copy[column.length] = value;
  return copy;
}
