import { FormatError, type Input } from '../format.ts';
import { typeOf } from '../json-input.ts';
import type { ElementRun, Shape } from '../json-shape.ts';
import { takeNumbers } from './take-numbers.ts';

/** Numbers that are looked at together. */
const BATCH = 1 << 14;
const MOST_32 = 0xffffffff;

/** A number that needs more than 32 bits. */
export interface WideNumber {
  /** Row of the batch. */
  readonly row: number;
  readonly field: number;
  readonly value: number;
}

/**
 * A JSON array of whole numbers, as rows of a fixed width: hands over batches of whole rows.
 *
 * Numbers of more than 32 bits are 0 in the batch, and listed beside it.
 */
export class NumberRows {
  /** Rows that were handed over. */
  rows = 0;
  private readonly input: Input;
  private readonly path: string;
  private readonly width: number;
  private readonly take: (values: Uint32Array, rows: number, wide: readonly WideNumber[]) => void;
  private readonly batch: Uint32Array;
  private filled = 0;
  private wide: WideNumber[] = [];

  /**
   * @param path of the array, for messages
   * @param width numbers in a row, at least 1
   */
  constructor(
    input: Input,
    path: string,
    width: number,
    take: (values: Uint32Array, rows: number, wide: readonly WideNumber[]) => void,
  ) {
    this.input = input;
    this.path = path;
    this.width = width;
    this.take = take;
    this.batch = new Uint32Array(Math.max(1, Math.floor(BATCH / width)) * width);
  }

  shape(): Shape {
    return { run: this.run(), each: (value, index) => this.each(value, index), closed: () => this.close() };
  }

  private run(): ElementRun {
    const run = {
      behind: 0,
      take: (bytes: Buffer, start: number, end: number): number => {
        let count = 0;
        run.behind = start;
        for (;;) {
          const taken = takeNumbers(bytes, run.behind, end, this.batch, this.filled);
          if (taken.count === 0) return count;
          run.behind = taken.behind;
          count += taken.count;
          this.filled += taken.count;
          if (this.filled < this.batch.length) return count;
          this.flush();
        }
      },
    };
    return run;
  }

  private each(value: unknown, index: number): void {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > Number.MAX_SAFE_INTEGER) {
      throw new FormatError(this.input, `${this.path}[${index}]`, `expected a whole number, found ${typeOf(value)}`);
    }
    const at = this.filled++;
    if (value > MOST_32) this.wide.push({ row: Math.floor(at / this.width), field: at % this.width, value });
    this.batch[at] = value > MOST_32 ? 0 : value;
    if (this.filled === this.batch.length) this.flush();
  }

  private close(): void {
    const left = this.filled % this.width;
    this.flush();
    if (left === 0) return;
    const all = this.rows * this.width + left;
    throw new FormatError(this.input, this.path, `${all} numbers are no rows of ${this.width}`);
  }

  private flush(): void {
    const rows = Math.floor(this.filled / this.width);
    this.filled = 0;
    if (rows === 0) return;
    const { wide } = this;
    this.wide = [];
    this.take(this.batch, rows, wide);
    this.rows += rows;
  }
}
