import { FormatError, type Input } from '../format.ts';
import { typeOf } from '../json-stream/input.ts';
import type { ElementRun, Shape } from '../json-stream/shape.ts';
import type { NumberTaker } from './number-taker.ts';

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
  private readonly taker: NumberTaker;
  /** Whole rows for which the taker's batch has room, in numbers. */
  private readonly room: number;
  private filled = 0;
  private wide: WideNumber[] = [];

  /**
   * @param path of the array, for messages
   * @param width numbers in a row, at least 1
   * @param taker may be that of others whose arrays do not stand in this one
   */
  constructor(
    input: Input,
    path: string,
    width: number,
    taker: NumberTaker,
    take: (values: Uint32Array, rows: number, wide: readonly WideNumber[]) => void,
  ) {
    this.input = input;
    this.path = path;
    this.width = width;
    this.take = take;
    this.taker = taker;
    this.room = Math.floor(taker.batch.length / width) * width;
  }

  shape(): Shape {
    return { run: this.run(), each: (value, index) => this.each(value, index), closed: () => this.close() };
  }

  private run(): ElementRun {
    const run = {
      behind: 0,
      overLines: true,
      goesOn: true,
      take: (bytes: Buffer, start: number, end: number): number => {
        let count = 0;
        run.behind = start;
        for (;;) {
          const taken = this.taker.take(bytes, run.behind, end, this.filled, this.room);
          if (taken === 0) return count;
          run.behind = this.taker.behind;
          count += taken;
          this.filled += taken;
          if (this.filled === this.room) this.flush();
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
    this.taker.batch[at] = value > MOST_32 ? 0 : value;
    if (this.filled === this.room) this.flush();
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
    this.take(this.taker.batch, rows, wide);
    this.rows += rows;
  }
}
