import { readIntegers } from '../json-stream/integers.ts';
import type { NumberList } from '../json-stream/list.ts';
import type { JsonWindow } from '../json-stream/window.ts';
import { KernelText } from './kernel-text.ts';
import type { JsonKernel, KernelSource } from './open-json-kernel.ts';

/** From how many bytes on, and behind how many numbers, it pays to copy text into the kernel. */
const MUCH_TEXT = 1 << 13;
const MANY = 64;
/** So many at a time stay in the processor's cache; for each time some JavaScript is run, which V8 would compile again. */
const MOST = 1 << 14;
/** A number with its sign and its comma. */
const LONGEST = 11;

/** Reads runs of whole numbers into lists: long ones in WebAssembly. */
export class IntegerReader {
  private readonly source: KernelSource;
  /** Undefined until it is asked for, null where there is none. */
  private many: { readonly kernel: JsonKernel; readonly text: KernelText } | null | undefined;
  /** All that the kernel was given last were such numbers: then it is asked at once. */
  private goesOn = false;

  constructor(source: KernelSource) {
    this.source = source;
  }

  /**
   * Reads numbers of up to nine digits with nothing but a comma behind each, as far as there are such.
   * @returns how many
   */
  read(window: JsonWindow, into: NumberList): number {
    let total = 0;
    for (;;) {
      const room = into.integerRoom();
      const isMuch = window.end - window.pos > MUCH_TEXT && room.length > MANY;
      if (!(isMuch && this.goesOn && into.length >= MANY)) {
        const few = isMuch ? room.subarray(0, MANY) : room;
        const count = readIntegers(window, few);
        into.filled(count);
        total += count;
        if (count < few.length) return total;
        if (!isMuch) continue;
      }
      const count = this.readMany(window, into);
      total += count;
      if (count === 0) return total;
    }
  }

  private readMany(window: JsonWindow, into: NumberList): number {
    if (this.many === undefined) {
      const kernel = this.source();
      this.many = kernel ? { kernel, text: new KernelText(kernel) } : null;
    }
    let room = into.integerRoom();
    if (this.many === null) {
      const count = readIntegers(window, room);
      into.filled(count);
      return count;
    }
    const { kernel, text } = this.many;
    for (let total = 0; ; room = into.integerRoom()) {
      text.put(window.bytes, window.pos, window.end);
      const count = kernel.integers(text.from, text.end, Math.min(room.length, MOST));
      const behind = kernel.taken();
      room.set(kernel.numbers.subarray(0, count));
      into.filled(count);
      window.pos += behind - text.from;
      total += count;
      const isFull = count === room.length || count === MOST;
      const all = text.end - behind <= LONGEST || isFull;
      text.took(all);
      this.goesOn = all;
      if (!all || count === 0 || window.end - window.pos <= LONGEST) return total;
    }
  }
}
