import type { FrameWords } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import type { Tier } from '../../profile/profile.ts';
import { parseV8Name } from '../frames/v8-names.ts';
import type { Kernel } from './open-kernel.ts';
import { SCRIPT, TIERED } from './plain-names.ts';

/** By the bits of TIERED. */
const COMPILED = ['interpreted', 'baseline', 'mid', 'optimized'] as const;
const LOWEST_TIER = TIERED & -TIERED;

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

  label(symbol: number): string {
    const { from, to } = this.place(symbol);
    return this.memory.toString('latin1', from, to);
  }

  /** A function of a script. */
  isScript(symbol: number): boolean {
    return (this.flags(symbol) & SCRIPT) !== 0;
  }

  /** How its code was compiled, where its name says so. */
  tier(symbol: number): Tier {
    const bits = this.flags(symbol) & TIERED;
    return bits === 0 ? 'none' : COMPILED[Math.clz32(LOWEST_TIER) - Math.clz32(bits)]!;
  }

  /** The same number where all but the label and the tier is the same. */
  origin(symbol: number): number {
    return this.flags(symbol) & ~TIERED;
  }

  hasColon(symbol: number): boolean {
    const { from, to } = this.place(symbol);
    return this.memory.subarray(from, to).includes(':');
  }

  /** As `symbolFrames` reads the name, but for the tier. */
  words(symbol: number): FrameWords {
    const label = this.label(symbol);
    const origin = this.origin(symbol);
    const module = this.modules[origin & ~SCRIPT]!;
    if ((origin & SCRIPT) === 0) return { name: label, kind: nativeKind(label, module), module };
    // Whatever the label begins with is not taken for a mark behind all that may stand there
    return { ...parseV8Name(`JS:?'${label}`)!, module };
  }

  /** A number that is the same where all but the label is. */
  flags(symbol: number): number {
    this.renew();
    return this.rows[symbol * 3]!;
  }

  /** Where in memory its label stands. */
  private place(symbol: number): { readonly from: number; readonly to: number } {
    this.renew();
    const from = this.rows[symbol * 3 + 1]!;
    return { from, to: from + this.rows[symbol * 3 + 2]! };
  }

  /** The memory moves when the kernel takes more. */
  private renew(): void {
    const { kernel } = this;
    const memory = kernel.memory();
    if (this.memory.buffer === memory) return;
    this.memory = Buffer.from(memory);
    this.rows = new Int32Array(memory, kernel.plainRows(), this.length * 3);
  }
}
