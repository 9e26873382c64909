import { CpuNodeBytes } from './cpuprofile-node-bytes.ts';
import type { CpuNodes } from './cpuprofile-tree.ts';
import type { Input } from './format.ts';
import { KernelText } from './json-kernel/kernel-text.ts';
import { type JsonKernel, openJsonKernel } from './json-kernel/open-json-kernel.ts';
import type { ElementRun } from './json-shape.ts';

/** The words between the values of a node as V8 writes them, in the order of the kernel's cpu-nodes.as. */
const WORDS = [
  '{"id":',
  ',"callFrame":',
  '{"functionName":"',
  '","scriptId":"',
  '","url":"',
  '","lineNumber":',
  ',"columnNumber":',
  '},"hitCount":',
  ',"children":[',
  ',"positionTicks":[',
  '{"line":',
  ',"ticks":',
];
const WORD_BYTES = 32;
/** From how many bytes on it pays to have a kernel. */
const MUCH_TEXT = 1 << 15;

/**
 * Reads nodes as V8 writes them in WebAssembly, as far as it knows their functions. A node with a new one is left to
 * {@link CpuNodeBytes}, and becomes known by it; so is all that the kernel does not understand.
 */
export class CpuNodeRun implements ElementRun {
  behind = 0;
  readonly overLines = false;
  goesOn = false;
  private readonly nodes: CpuNodes;
  private readonly byBytes: CpuNodeBytes;
  /** Undefined until there is enough text, null where there is none. */
  private kernel: JsonKernel | null | undefined;
  private text: KernelText | undefined;
  /** Where the kernel has met an unknown function. */
  private unknownAt = -1;

  constructor(input: Input, nodes: CpuNodes) {
    this.nodes = nodes;
    this.byBytes = new CpuNodeBytes(input, nodes);
  }

  take(bytes: Uint8Array, start: number, end: number): number {
    this.unknownAt = -1;
    this.goesOn = false;
    if (this.kernel === undefined && end - start >= MUCH_TEXT) this.open();
    const { kernel, text } = this;
    if (!kernel || text === undefined) return 0;
    this.goesOn = true;
    let total = 0;
    this.behind = start;
    for (;;) {
      const length = text.put(bytes, this.behind, end);
      let taken = 0;
      let count = 0;
      do {
        count = kernel.nodes(length, taken);
        taken = kernel.taken();
        this.add(kernel, count);
        total += count;
      } while (count === kernel.rows[0]!.length);
      this.behind += taken;
      const isUnknown = kernel.isUnknown() !== 0;
      if (isUnknown) this.unknownAt = this.behind;
      // The last node of the text is cut, as a rule
      text.took(!isUnknown && taken > 0);
      if (isUnknown || taken === 0 || this.behind === end) return total;
    }
  }

  /** One node that the run has left, as {@link CpuNodeBytes.take} does. */
  takeOne(bytes: Uint8Array, start: number, end: number): number {
    const behind = this.byBytes.take(bytes, start, end);
    if (behind > 0 && start === this.unknownAt) this.kernel!.learn(this.byBytes.lastCall);
    this.unknownAt = -1;
    return behind;
  }

  private add({ rows, numbers }: JsonKernel, count: number): void {
    if (count === 0) return;
    const [id, call, hits, childEnd] = rows.map((column) => column.subarray(0, count));
    this.nodes.addRows(id!, call!, hits!, childEnd!, numbers.subarray(0, childEnd![count - 1]!));
  }

  private open(): void {
    const kernel = openJsonKernel();
    this.kernel = kernel ?? null;
    if (kernel === undefined) return;
    this.text = new KernelText(kernel);
    WORDS.forEach((word, i) => {
      kernel.words.set(Buffer.from(word), i * WORD_BYTES);
    });
  }
}
