import type { CopiedStack } from './copied-stack.ts';

/** x86-64 has 17 that matter, aarch64 33; vector registers hold no addresses. */
export const REGISTERS = 35;
/** It is in no place of the stack: its value stands here. */
const HELD = -(2 ** 31);
/** It is one of those that were copied with the stack, so many behind this. */
const COPIED = -(2 ** 30);
const MOST_COPIED = 64;

/** What the kernel copied, in the order of the bits of a mask. */
export interface CopiedRegisters {
  /** NaN = there are not so many. */
  register(index: number): number;
}

/**
 * Of each register where it stands among those of a mask, which were copied; -1 = it was not.
 * @param fromPerf the register of each bit; -1 = none
 */
export function copiedOrder(fromPerf: readonly number[], mask: readonly [number, number]): Int32Array {
  const order = new Int32Array(REGISTERS).fill(-1);
  let at = 0;
  for (let bit = 0; bit < fromPerf.length; bit++) {
    if ((((mask[bit >> 5] ?? 0) >>> (bit & 31)) & 1) === 0) continue;
    const register = fromPerf[bit]!;
    if (register >= 0) order[register] = at;
    at++;
  }
  return order;
}

/** Of each register its place, when those of a mask were copied: as {@link copiedOrder}. */
export function copiedRegisters(fromPerf: readonly number[], mask: readonly [number, number]): Int32Array {
  return copiedOrder(fromPerf, mask).map((at) => (at < 0 ? HELD : COPIED + at));
}

/**
 * The registers of a frame, by DWARF number. Those that were copied, or that a callee saved, are read only when somebody asks:
 * most are never wanted.
 */
export class Registers {
  readonly #memory: CopiedStack;
  readonly #values = new Float64Array(REGISTERS).fill(Number.NaN);
  /** Offset in the copied stack, HELD, or from COPIED on. */
  readonly #places = new Int32Array(REGISTERS).fill(HELD);
  #copied: CopiedRegisters | undefined;

  constructor(memory: CopiedStack) {
    this.#memory = memory;
  }

  /** Begins a chain: all are as they were copied. @param places of {@link copiedRegisters} */
  start(copied: CopiedRegisters, places: Int32Array): void {
    this.#copied = copied;
    this.#values.fill(Number.NaN);
    this.#places.set(places);
  }

  /** NaN when it is unknown, was saved outside of the copied stack, or there is no such register. */
  get(register: number): number {
    if (!(register >= 0 && register < REGISTERS)) return Number.NaN;
    const place = this.#places[register]!;
    if (place === HELD) return this.#values[register]!;
    return isCopied(place) ? this.#copied!.register(place - COPIED) : this.#memory.wordAt(place);
  }

  /** As `get`, without a signature above bit 47. */
  getCode(register: number): number {
    const place = this.#places[register] ?? HELD;
    if (place !== HELD && !isCopied(place)) return this.#memory.codeAt(place);
    const value = this.get(register);
    // A signed value does not fit a double: its lower bits are lost already.
    return Number.isSafeInteger(value) ? value % 2 ** 48 : Number.NaN;
  }

  set(register: number, value: number): void {
    this.#values[register] = value;
    this.#places[register] = HELD;
  }

  /** It stands at an offset of the copied stack. */
  setPlace(register: number, offset: number): void {
    this.#places[register] = offset;
  }

  /** Several that stand at offsets from one. */
  setPlaces(saved: readonly { readonly register: number; readonly offset: number }[], from: number): void {
    const places = this.#places;
    for (let index = 0; index < saved.length; index++) {
      const { register, offset } = saved[index]!;
      places[register] = from + offset;
    }
  }

  /** Takes a register over as another frame has it. */
  take(register: number, from: Registers, other: number): void {
    this.#values[register] = from.#values[other] ?? Number.NaN;
    this.#places[register] = from.#places[other] ?? HELD;
  }

  copyOf(from: Registers): void {
    this.#copied = from.#copied;
    this.#values.set(from.#values);
    this.#places.set(from.#places);
  }
}

const isCopied = (place: number): boolean => place >= COPIED && place < COPIED + MOST_COPIED;
