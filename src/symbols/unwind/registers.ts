import type { CopiedStack } from './copied-stack.ts';

/** x86-64 has 17 that matter, aarch64 33; vector registers hold no addresses. */
export const REGISTERS = 35;
/** It is in no place of the stack: its value stands here. */
const HELD = -(2 ** 31);

/**
 * The registers of a frame, by DWARF number. Those that a callee saved are read only when somebody asks: most are never
 * wanted.
 */
export class Registers {
  readonly #memory: CopiedStack;
  readonly #values = new Float64Array(REGISTERS);
  /** Offset in the copied stack, or HELD. */
  readonly #places = new Int32Array(REGISTERS);

  constructor(memory: CopiedStack) {
    this.#memory = memory;
  }

  /** Forgets all: every register is unknown. */
  clear(): void {
    this.#values.fill(Number.NaN);
    this.#places.fill(HELD);
  }

  /** NaN when it is unknown, was saved outside of the copied stack, or there is no such register. */
  get(register: number): number {
    if (!(register >= 0 && register < REGISTERS)) return Number.NaN;
    const place = this.#places[register]!;
    return place === HELD ? this.#values[register]! : this.#memory.wordAt(place);
  }

  /** As `get`, without a signature above bit 47. */
  getCode(register: number): number {
    const place = this.#places[register] ?? HELD;
    if (place !== HELD) return this.#memory.codeAt(place);
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

  /** Takes a register over as another frame has it. */
  take(register: number, from: Registers, other: number): void {
    this.#values[register] = from.#values[other] ?? Number.NaN;
    this.#places[register] = from.#places[other] ?? HELD;
  }

  copyOf(from: Registers): void {
    this.#values.set(from.#values);
    this.#places.set(from.#places);
  }
}
