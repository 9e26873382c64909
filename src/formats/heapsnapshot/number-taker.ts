import { type WasmMemory, wasmInstance } from '../../wasm-module.ts';
import { takeNumbers } from './take-numbers.ts';

/** Takes whole numbers from JSON text into a batch, as {@link takeNumbers} does. */
export interface NumberTaker {
  /** Where the numbers go. */
  readonly batch: Uint32Array;
  /** The byte behind the last comma that {@link take} took. */
  readonly behind: number;
  /**
   * @param start in `bytes`, up to without `end`
   * @param from the first place in the batch to be filled
   * @param room where numbers in the batch must end
   * @returns how many were taken
   */
  take(bytes: Uint8Array, start: number, end: number, from: number, room: number): number;
}

const BATCH = 1 << 15;

/** number-kernel.as, which says what lies where in its memory. */
interface Kernel {
  readonly memory: WasmMemory;
  readonly NUMBERS: { readonly value: number };
  readonly MOST_NUMBERS: { readonly value: number };
  readonly TEXT: { readonly value: number };
  readonly MOST_TEXT: { readonly value: number };
  take(length: number, from: number, room: number): number;
  taken(): number;
}

/** The fastest that this machine has: numbers are most of a snapshot. */
export function numberTaker(): NumberTaker {
  return wasmTaker() ?? new ScriptTaker();
}

/** In JavaScript. */
export class ScriptTaker implements NumberTaker {
  readonly batch = new Uint32Array(BATCH);
  behind = 0;

  take(bytes: Uint8Array, start: number, end: number, from: number, room: number): number {
    const { count, behind } = takeNumbers(bytes, start, end, this.batch, from, room);
    this.behind = behind;
    return count;
  }
}

/** In WebAssembly, eight bytes at a time; undefined where this machine has none. */
export function wasmTaker(): NumberTaker | undefined {
  try {
    return new WasmTaker(wasmInstance<Kernel>('number-kernel.wasm'));
  } catch {
    return undefined;
  }
}

class WasmTaker implements NumberTaker {
  readonly batch: Uint32Array;
  behind = 0;
  private readonly kernel: Kernel;
  private readonly text: Uint8Array;

  constructor(kernel: Kernel) {
    const { buffer } = kernel.memory;
    this.kernel = kernel;
    this.batch = new Uint32Array(buffer, kernel.NUMBERS.value, kernel.MOST_NUMBERS.value);
    this.text = new Uint8Array(buffer, kernel.TEXT.value, kernel.MOST_TEXT.value);
  }

  take(bytes: Uint8Array, start: number, end: number, from: number, room: number): number {
    const { text, kernel } = this;
    const length = Math.min(end - start, text.length);
    text.set(length === bytes.length ? bytes : bytes.subarray(start, start + length));
    const count = kernel.take(length, from, room);
    this.behind = start + kernel.taken();
    return count;
  }
}
