import { CpuNodeBytes } from './cpuprofile-node-bytes.ts';
import type { CpuNodes } from './cpuprofile-tree.ts';
import type { Input } from './format.ts';
import { KernelText } from './json-kernel/kernel-text.ts';
import type { JsonKernel, KernelSource } from './json-kernel/open-json-kernel.ts';
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
 * Reads nodes as V8 writes them in WebAssembly. What it does not understand, and all where there is no WebAssembly, is
 * left to {@link CpuNodeBytes}.
 */
export class CpuNodeRun implements ElementRun {
  behind = 0;
  readonly overLines = false;
  goesOn = false;
  private readonly nodes: CpuNodes;
  private readonly byBytes: CpuNodeBytes;
  private readonly source: KernelSource;
  /** Undefined until there is enough text, null where there is none. */
  private kernel: JsonKernel | null | undefined;
  private text: KernelText | undefined;

  constructor(input: Input, nodes: CpuNodes, source: KernelSource) {
    this.source = source;
    this.nodes = nodes;
    this.byBytes = new CpuNodeBytes(input, nodes);
  }

  take(bytes: Uint8Array, start: number, end: number): number {
    if (this.kernel === undefined && end - start >= MUCH_TEXT) this.open();
    const { kernel, text } = this;
    this.goesOn = text !== undefined;
    if (!kernel || text === undefined) return 0;
    const before = this.nodes.length;
    this.behind = start;
    for (;;) {
      const length = text.put(bytes, this.behind, end);
      const taken = this.takeText(kernel, length);
      this.behind += taken;
      // The last node of the text is cut, as a rule
      text.took(taken * 2 > length);
      if (taken === 0 || this.behind === end) return this.nodes.length - before;
    }
  }

  /** One node, as {@link CpuNodeBytes.take} does. */
  takeOne(bytes: Uint8Array, start: number, end: number): number {
    return this.byBytes.take(bytes, start, end);
  }

  /** Takes nodes from the text in the kernel. @returns the bytes that they take */
  private takeText(kernel: JsonKernel, length: number): number {
    for (let taken = 0; ; ) {
      const count = kernel.nodes(length, taken);
      taken = kernel.taken();
      this.add(kernel, count);
      const unknown = kernel.unknown();
      if (unknown > 0) {
        const call = this.byBytes.callOf(kernel.text.toString('utf8', unknown, kernel.unknownEnd()));
        if (call < 0 || kernel.learn(call) === 0) return taken;
      } else if (count < kernel.rows[0]!.length) return taken;
    }
  }

  private add({ rows, numbers }: JsonKernel, count: number): void {
    if (count === 0) return;
    const [id, call, hits, childEnd] = rows.map((column) => column.subarray(0, count));
    this.nodes.addRows(id!, call!, hits!, childEnd!, numbers.subarray(0, childEnd![count - 1]!));
  }

  private open(): void {
    const kernel = this.source();
    this.kernel = kernel ?? null;
    if (kernel === undefined) return;
    kernel.forget();
    this.text = new KernelText(kernel);
    WORDS.forEach((word, i) => {
      kernel.words.set(Buffer.from(word), i * WORD_BYTES);
    });
  }
}
