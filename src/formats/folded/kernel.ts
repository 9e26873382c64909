import { rankedLabels } from '../../profile/label-ranks.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { rootNames, type ThreadMode, withBareFrames } from '../../profile/threads.ts';
import { type Kernel, wasmKernel } from '../perf-kernel/open-kernel.ts';
import { isDifferential } from './counts.ts';
import { printedLines } from './print.ts';

/**
 * The lines of folded text, made by the kernel: it is at full speed from the first line on.
 * @param roots as in `writeFolded`
 * @returns bytes that are valid until the next are asked for; undefined where there is no kernel, or not enough memory
 */
export function linesByKernel(
  profile: Profile,
  roots?: ThreadMode,
  kernel: Kernel | undefined = wasmKernel(),
): Iterable<Uint8Array> | undefined {
  if (kernel === undefined) return undefined;
  const lines = new KernelLines(kernel).prepare(profile, roots);
  if (lines === undefined) kernel.close();
  return lines;
}

class KernelLines {
  private readonly kernel: Kernel;
  private full = false;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  prepare(profile: Profile, roots: ThreadMode | undefined): Iterable<Uint8Array> | undefined {
    const { kernel } = this;
    const { stacks, samples } = profile;
    const names = roots === undefined ? [] : rootNames(profile, roots);
    const { strings, frames, frameOf } = withBareFrames(profile, [...names, '']);
    const { rank, labels } = rankedLabels({ strings, frames });
    // Root 0 stands for none, and under the name of none for samples that have no stack either
    const rootFrames = [frameOf.at(-1)!, ...new Set(frameOf.subarray(0, names.length))];
    const rootOfFrame = new Map(rootFrames.map((frame, i) => [frame, i]));
    const rootOf = Int32Array.from(names, (_name, thread) => rootOfFrame.get(frameOf[thread]!)!);

    const columns = isDifferential(profile) ? samples.values : [samples.values[defaultValueIndex(profile)]!];
    const { length } = samples;
    const tree = this.room(stacks.length * 8);
    const rows = this.room(length * 8);
    const rootLabel = this.room(rootFrames.length * 4);
    const values = this.room(length * 8 * columns.length);
    if (this.full) return undefined;
    const memory = kernel.memory();
    new Int32Array(memory, tree, stacks.length).set(stacks.parent);
    const label = new Int32Array(memory, tree + stacks.length * 4, stacks.length);
    for (let i = 0; i < label.length; i++) label[i] = rank[stacks.frame[i]!]!;
    new Int32Array(memory, rows, length).set(samples.stack);
    const root = new Int32Array(memory, rows + length * 4, length);
    const { thread } = samples;
    if (thread && names.length > 0) for (let i = 0; i < length; i++) root[i] = thread[i]! < 0 ? 0 : rootOf[thread[i]!]!;
    new Int32Array(memory, rootLabel, rootFrames.length).set(rootFrames.map((frame) => rank[frame]!));
    columns.forEach((column, i) => {
      new Float64Array(memory, values + length * 8 * i, length).set(column);
    });
    const { length: nodes } = stacks;
    const lines = kernel.sumLines(tree, nodes, rows, length, rootLabel, rootFrames.length, values, columns.length);
    if (lines < 0) return undefined;
    return printedLines(kernel, labels);
  }

  private room(bytes: number): number {
    const at = bytes > 2 ** 31 ? 0 : this.kernel.alloc(bytes + 8);
    if (at === 0) this.full = true;
    return at;
  }
}
