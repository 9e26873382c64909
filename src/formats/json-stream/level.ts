import { HollowList, NumberList, RowList } from './list.ts';
import { ALL, type Shape } from './shape.ts';

/** From how many elements on an array of numbers, or of rows of numbers, is no longer an array of values. */
const COMPACT_FROM = 64;

/** What a level does with its values. */
const DROP = 0;
const OBJECT = 1;
const ARRAY = 2;
export const EACH = 3;
export const NUMBERS = 4;
const ROWS = 5;
const MEMBERS = 6;

type NumberRow = readonly (number | null)[];

/** An object or array that is open: one step of the way from the root to what is read now. Used again and again. */
export class JsonLevel {
  isArray = false;
  /** One of the modes above. */
  mode = DROP;
  /** Undefined where nobody wants it. */
  shape: Shape | undefined;
  /** The next value's; undefined where nobody wants it. */
  child: Shape | undefined;
  /** The key of the value that is read now. */
  key = '';
  /** The index of the value that is read now. */
  index = 0;
  /** Of {@link NUMBERS}. */
  numbers: NumberList | undefined;
  private target: unknown;

  open(isArray: boolean, shape: Shape | undefined): void {
    this.isArray = isArray;
    this.shape = shape;
    this.index = 0;
    this.key = '';
    this.mode = DROP;
    this.child = undefined;
    if (shape === undefined) return;
    const { fields, items, each, eachMember, bytes, run, hollow, numbers } = shape;
    if (isArray) {
      if (each || bytes || run) this.mode = EACH;
      else if (numbers) {
        this.mode = NUMBERS;
        this.numbers = numbers();
      } else if (!hollow && !fields && !eachMember) this.mode = ARRAY;
      if (this.mode !== DROP) this.child = items ?? ALL;
      this.target = this.mode === ARRAY ? [] : undefined;
    } else {
      this.target = {};
      if (eachMember) this.mode = MEMBERS;
      else if (fields || !(each || bytes || numbers || hollow)) this.mode = OBJECT;
    }
    shape.opened?.();
  }

  /** What the next key's value is read as. */
  nextKey(key: string): void {
    this.key = key;
    if (this.mode !== OBJECT && this.mode !== MEMBERS) return;
    const { fields, items } = this.shape!;
    this.child = fields ? fields.get(key) : (items ?? ALL);
  }

  /** The way from this level to the value that is read now, as in a JSON path. */
  step(): string {
    if (this.isArray) return `[${this.index}]`;
    return /^[A-Za-z_$][\w$]*$/.test(this.key) ? `.${this.key}` : `[${JSON.stringify(this.key)}]`;
  }

  add(value: unknown): void {
    switch (this.mode) {
      case OBJECT:
        if (this.child === undefined) return;
        if (this.key !== '__proto__') (this.target as Record<string, unknown>)[this.key] = value;
        else
          Object.defineProperty(this.target, this.key, { value, enumerable: true, configurable: true, writable: true });
        return;
      case MEMBERS:
        if (this.child !== undefined) this.shape!.eachMember!(value, this.key);
        return;
      case EACH:
        this.shape!.each?.(value, this.index);
        break;
      case NUMBERS:
        if (typeof value === 'number' || value === null) this.numbers!.push(value);
        else this.spread(this.numbers!, value);
        break;
      case ROWS:
        if (isNumberRow(value)) (this.target as RowList).push(value);
        else this.spread(this.target as RowList, value);
        break;
      case ARRAY:
        (this.target as unknown[]).push(value);
        if (this.index === COMPACT_FROM - 1) this.compact(this.target as unknown[]);
        break;
    }
    this.index++;
  }

  /** The whole value. Undefined where nobody wants it. */
  close(): unknown {
    const { shape, isArray, mode } = this;
    if (shape === undefined) return undefined;
    let value = mode === NUMBERS ? this.numbers : this.target;
    if (isArray && (mode === DROP || mode === EACH)) value = new HollowList(this.index);
    this.target = undefined;
    this.numbers = undefined;
    return shape.closed ? shape.closed(value) : value;
  }

  private compact(values: readonly unknown[]): void {
    if (isNumberRow(values)) {
      this.numbers = new NumberList();
      for (const value of values) this.numbers.push(value);
      this.target = undefined;
      this.mode = NUMBERS;
    } else if (values.every(isNumberRow)) {
      const rows = new RowList();
      for (const row of values) rows.push(row);
      this.target = rows;
      this.mode = ROWS;
    }
  }

  /** What is no number after all makes it an array of values again. */
  private spread(list: NumberList | RowList, value: unknown): void {
    const values: unknown[] = [];
    for (let i = 0; i < list.length; i++) values.push(list.at(i));
    values.push(value);
    this.target = values;
    this.numbers = undefined;
    this.mode = ARRAY;
  }
}

function isNumberRow(value: unknown): value is NumberRow {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'number' && value[i] !== null) return false;
  return true;
}
