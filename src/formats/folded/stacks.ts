import { ProfileBuilder } from '../../profile/builder.ts';
import { Float64Column, Int32Column } from '../../profile/columns.ts';
import { parseFrameLabel } from '../../profile/frame-label.ts';
import { labelKind } from '../../profile/kind.ts';
import type { Profile, ValueType } from '../../profile/profile.ts';
import { SequenceInterner } from '../../profile/sequences.ts';
import { stacksByLabel } from '../../profile/stack-tree.ts';
import { ANONYMOUS } from '../frames/v8-names.ts';
import { BEFORE_AFTER } from './counts.ts';

const SAMPLES: ValueType = { type: 'samples', unit: 'count' };

/**
 * The stacks and weights of folded text, however its lines were read.
 *
 * Whether a file is differential (`stack BEFORE AFTER`) shows in its last line only, for all lines must have two counts.
 * It is taken for one for as long as that holds; the first line with one count makes the first counts of those before
 * it what they then were all along: the ends of names.
 */
export class FoldedStacks {
  private builder = new ProfileBuilder([SAMPLES]);
  /** Labels as they were read, each with its number: they count from 0. */
  private frames = new Map<string, number>();
  /** Of each label its row in the profile's frames: two labels can say the same. */
  private rows = new Int32Column();
  private sequences = new SequenceInterner();
  private stack = new Int32Column();
  private before = new Float64Column();
  private readonly weight = new Float64Column();
  /** Texts of first counts, by sample, where they are not a blank and the number's digits. */
  private readonly firstCounts = new Map<number, string>();
  private type: ValueType | undefined;
  private differential = true;

  get sampleCount(): number {
    return this.weight.length;
  }

  /** Whether all lines so far have two counts: such a line goes to `addTwo`, the first other one to `endDifferential`. */
  get maybeDifferential(): boolean {
    return this.differential;
  }

  /** Says what is measured, where no stack came before. Such a file is not differential. */
  declare(type: ValueType): void {
    if (this.frames.size > 0) return;
    this.type = type;
    this.differential = false;
  }

  /** The number of the frame with this label, if it was seen before. */
  find(label: string): number | undefined {
    return this.frames.get(label);
  }

  /** The number of the frame with this label. */
  frame(label: string): number {
    let frame = this.frames.get(label);
    if (frame === undefined) {
      const parts = parseFrameLabel(label);
      const name = parts.name === '' && label !== '' ? ANONYMOUS : parts.name;
      frame = this.frames.size;
      this.rows.push(this.builder.frame({ ...parts, name, kind: labelKind(label) }));
      this.frames.set(label, frame);
    }
    return frame;
  }

  /**
   * @param path frames from the root on, as its first `depth` numbers
   * @param isNew the stack surely was not there before, as in sorted files: it need not be looked up
   */
  add(path: Int32Array, depth: number, weight: number, isNew = false): void {
    this.stack.push(isNew ? this.sequences.append(path, depth) : this.sequences.intern(path, depth));
    this.weight.push(weight);
  }

  /** @param text of the first count with the blanks before it, where it is not one blank and the number's digits */
  addTwo(path: Int32Array, depth: number, before: number, after: number, text?: string): void {
    if (text !== undefined) this.firstCounts.set(this.weight.length, text);
    this.before.push(before);
    this.add(path, depth, after);
  }

  /** The file is not differential. Frames get new numbers. */
  endDifferential(): void {
    this.differential = false;
    const { sequences, stack, before } = this;
    const labels = [...this.frames.keys()];
    this.builder = new ProfileBuilder([SAMPLES]);
    this.frames = new Map();
    this.rows = new Int32Column();
    this.sequences = new SequenceInterner();
    this.stack = new Int32Column();
    this.before = new Float64Column();
    for (let i = 0; i < stack.length; i++) {
      const path = sequences.at(stack.at(i));
      const named = path.map((frame, depth) => {
        const count = depth < path.length - 1 ? '' : (this.firstCounts.get(i) ?? ` ${before.at(i)}`);
        return this.frame(labels[frame]! + count);
      });
      this.stack.push(this.sequences.intern(named, named.length));
    }
    this.firstCounts.clear();
  }

  /** @returns a profile whose stacks stand in the order of labels. Nothing can be added any more. */
  build(notes: readonly string[]): Profile {
    const built = this.builder.build({ notes });
    const { items, start } = this.sequences.take();
    for (let i = 0; i < items.length; i++) items[i] = this.rows.at(items[i]!);
    const { stacks, leaf } = stacksByLabel(built, items, start);
    const stack = this.stack.toArray();
    for (let i = 0; i < stack.length; i++) stack[i] = leaf[stack[i]!]!;
    const two = this.differential && stack.length > 0;
    const weight = this.weight.toArray();
    return {
      ...built,
      valueTypes: two ? BEFORE_AFTER : [this.type ?? SAMPLES],
      stacks,
      samples: { length: stack.length, stack, values: two ? [this.before.toArray(), weight] : [weight] },
    };
  }
}
