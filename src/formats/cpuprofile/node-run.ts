import type { Input } from '../format.ts';
import { KernelText } from '../json-kernel/kernel-text.ts';
import type { JsonKernel, KernelSource } from '../json-kernel/open-json-kernel.ts';
import type { ElementRun } from '../json-stream/shape.ts';
import { CpuNodeBytes } from './node-bytes.ts';
import { type CpuCallFrame, CpuCallWords, type CpuNodes } from './tree.ts';

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
/** Few nodes are longer. */
const MUCH_NODE = 1 << 12;

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
  /** Functions by the kernel's numbers, which most often are the same. */
  private readonly calls: number[] = [];
  private readonly words = new CpuCallWords();
  private numberedAlike = true;
  /** Up to where the kernel's texts have words. */
  private textsEnd = 0;

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
      text.put(bytes, this.behind, end);
      const taken = this.takeText(kernel, text.from, text.end) - text.from;
      this.behind += taken;
      // The last node of the text is cut, as a rule
      text.took(taken * 2 > text.end - text.from);
      if (taken === 0 || this.behind === end) return this.nodes.length - before;
    }
  }

  /** One node, as {@link CpuNodeBytes.take} does. */
  takeOne(bytes: Uint8Array, start: number, end: number): number {
    // Cut, as a rule: then the kernel takes it when all of it is there
    if (this.goesOn && end - start < MUCH_NODE) return -1;
    return this.byBytes.take(bytes, start, end);
  }

  /** Takes nodes from the text in the kernel. @returns up to where they reach */
  private takeText(kernel: JsonKernel, from: number, end: number): number {
    for (let taken = from; ; ) {
      const count = kernel.nodes(taken, end, this.nodes.childCount);
      taken = kernel.taken();
      this.addCalls(kernel);
      this.add(kernel, count);
      const unknown = kernel.unknown();
      if (unknown > 0) {
        const call = this.byBytes.callOf(kernel.text.toString('utf8', unknown, kernel.unknownEnd()));
        if (call < 0 || kernel.learn() < 0) return taken;
        this.textsEnd = kernel.textsEnd();
        this.addCall(call);
      } else if (count < kernel.rows[0]!.length) return taken;
    }
  }

  /** Gives the functions that the kernel has learned their words. */
  private addCalls(kernel: JsonKernel): void {
    const end = kernel.textsEnd();
    if (end === this.textsEnd) return;
    const texts = kernel.keys.toString('latin1', this.textsEnd - kernel.keysAt, end - kernel.keysAt - 1);
    this.textsEnd = end;
    const { calls } = this.nodes;
    for (const call of JSON.parse(`[${texts}]`) as CpuCallFrame[]) this.addCall(calls.add(this.words.of(call)));
  }

  private addCall(call: number): void {
    if (call !== this.calls.length) this.numberedAlike = false;
    this.calls.push(call);
  }

  private add(kernel: JsonKernel, count: number): void {
    if (count === 0) return;
    const [id, call, hits, childEnd] = kernel.rows.map((column) => column.subarray(0, count));
    if (!this.numberedAlike) this.renumber(call!);
    const children = kernel.numbers.subarray(0, childEnd![count - 1]! - this.nodes.childCount);
    this.nodes.addRows({ id: id!, call: call!, hits: hits!, childEnd: childEnd!, children }, kernel.hits());
  }

  private renumber(call: Int32Array): void {
    for (let row = 0; row < call.length; row++) call[row] = this.calls[call[row]!]!;
  }

  private open(): void {
    const kernel = this.source();
    this.kernel = kernel ?? null;
    if (kernel === undefined) return;
    kernel.forget();
    this.textsEnd = kernel.textsEnd();
    this.text = new KernelText(kernel);
    WORDS.forEach((word, i) => {
      kernel.words.set(Buffer.from(word), i * WORD_BYTES);
    });
  }
}
