import type { FrameWords } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import { parseV8Name } from '../v8-names.ts';
import type { Kernel } from './open-kernel.ts';
import { SCRIPT, TIERED } from './plain-names.ts';

/** The symbols whose labels the kernel keeps itself (plain-labels.ts), as long as it adds none. */
export class PlainSymbols {
  readonly length: number;
  private readonly kernel: Kernel;
  private readonly modules: readonly string[];
  private rows = new Int32Array(0);
  private memory = Buffer.alloc(0);

  /** @param modules that the kernel was given, by number */
  constructor(kernel: Kernel, modules: readonly string[]) {
    this.kernel = kernel;
    this.modules = modules;
    this.length = kernel.plainCount();
  }

  /** Module and flags, the address of the label, its length. */
  private row(symbol: number): [number, number, number] {
    const { kernel } = this;
    // It moves when the kernel takes more
    const memory = kernel.memory();
    if (this.memory.buffer !== memory) {
      this.memory = Buffer.from(memory);
      this.rows = new Int32Array(memory, kernel.plainRows(), this.length * 3);
    }
    return [this.rows[symbol * 3]!, this.rows[symbol * 3 + 1]!, this.rows[symbol * 3 + 2]!];
  }

  label(symbol: number): string {
    const [, from, length] = this.row(symbol);
    return this.memory.toString('latin1', from, from + length);
  }

  /** A function of a script. */
  isScript(symbol: number): boolean {
    return (this.row(symbol)[0] & SCRIPT) !== 0;
  }

  /** One whose name says how its code was compiled. */
  isTiered(symbol: number): boolean {
    return (this.row(symbol)[0] & TIERED) !== 0;
  }

  module(symbol: number): string {
    return this.modules[this.row(symbol)[0] & ~(SCRIPT | TIERED)]!;
  }

  hasColon(symbol: number): boolean {
    const [, from, length] = this.row(symbol);
    return this.memory.subarray(from, from + length).includes(':');
  }

  /** As `symbolFrames` reads the name; a compiled tier is `optimized`, whichever it was. */
  words(symbol: number): FrameWords {
    const label = this.label(symbol);
    const module = this.module(symbol);
    const script = this.isScript(symbol) ? parseV8Name(`JS:${this.isTiered(symbol) ? '*' : ''}${label}`) : undefined;
    return { ...(script ?? { name: label, kind: nativeKind(label, module) }), module };
  }
}
