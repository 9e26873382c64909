import { readFileSync } from 'node:fs';
import { readError, UserError } from '../errors.ts';

/** A value of a JSON document, and where it stands: whatever is not as a format has it is told with its place. */
export class JsonValue {
  readonly value: unknown;
  private readonly file: string;
  /** `benchmarks[3].real_time`; '' for the whole document. */
  private readonly path: string;

  constructor(value: unknown, file: string, path = '') {
    this.value = value;
    this.file = file;
    this.path = path;
  }

  /** `estimates.json: mean.point_estimate` */
  get place(): string {
    return this.path === '' ? this.file : `${this.file}: ${this.path}`;
  }

  /** A member that may be missing or null; undefined then, and where this is no object. */
  get(key: string): JsonValue | undefined {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
      return undefined;
    const member = (value as Record<string, unknown>)[key];
    if (member === null || member === undefined) return undefined;
    return new JsonValue(member, this.file, this.path === '' ? key : `${this.path}.${key}`);
  }

  /** A member that must be there. */
  at(key: string): JsonValue {
    const member = this.member(key);
    if (member === undefined) throw this.wrong(`has no ${key}`);
    return member;
  }

  /** As {@link get} of what must be an object. */
  member(key: string): JsonValue | undefined {
    if (!this.isObject) throw this.not('an object');
    return this.get(key);
  }

  list(): JsonValue[] {
    if (!Array.isArray(this.value)) throw this.wrong('is not a list');
    return this.value.map((item: unknown, i) => new JsonValue(item, this.file, `${this.path}[${i}]`));
  }

  get isList(): boolean {
    return Array.isArray(this.value);
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  get isText(): boolean {
    return typeof this.value === 'string';
  }

  /** Members in their order. */
  entries(): [string, JsonValue][] {
    if (!this.isObject) throw this.wrong('is not an object');
    return Object.keys(this.value as object).flatMap((key): [string, JsonValue][] => {
      const member = this.get(key);
      return member === undefined ? [] : [[key, member]];
    });
  }

  /** A number; text that is one counts, as some harnesses write it so. */
  number(): number {
    const { value } = this;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw this.wrong('is not a number');
    return number;
  }

  /** A number and nothing that looks like one; as large as JSON can have it. */
  exactNumber(): number {
    if (typeof this.value !== 'number') throw this.not('a number');
    return this.value;
  }

  /** A number, or the null that serde and JSON.stringify write for what is none. */
  numberOrNaN(key: string): number {
    const member = this.member(key);
    if (member !== undefined) return member.exactNumber();
    if (!Object.hasOwn(this.value as object, key)) throw this.wrong(`has no ${key}`);
    return Number.NaN;
  }

  /** A list of {@link exactNumber}s. */
  exactNumbers(): Float64Array {
    if (!Array.isArray(this.value)) throw this.not('a list of numbers');
    return Float64Array.from(this.list(), (item) => item.exactNumber());
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.wrong('is not text');
    return this.value;
  }

  /** All numbers of a list; undefined where other things are among them: samples that somebody has cut. */
  numbers(): number[] | undefined {
    if (!Array.isArray(this.value)) throw this.wrong('is not a list');
    return this.value.every((item) => typeof item === 'number' && Number.isFinite(item)) ? this.value : undefined;
  }

  wrong(what: string): UserError {
    return new UserError(`${this.place} ${what}`, { hint: 'is it cut off, or of another version of its tool?' });
  }

  /** Something else is there than was wanted. */
  not(wanted: string): UserError {
    const { value } = this;
    const is =
      value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : value;
    return this.wrong(`is ${String(is).slice(0, 40)}, not ${wanted}`);
  }
}

/** @throws {UserError} the file cannot be read, or is no JSON */
export function readJson(path: string): JsonValue {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw readError(path, error);
  }
  try {
    return new JsonValue(JSON.parse(text), path);
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}`, {
      hint: 'it may have been cut off: run the benchmark again',
      cause: error,
    });
  }
}

/**
 * Reads a text as one JSON document, where it is meant to be one: it begins with a bracket.
 * @returns undefined where it is no JSON
 * @throws {UserError} it is broken: line and column
 */
export function jsonDocument(text: string, file: string): JsonValue | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return new JsonValue(JSON.parse(text), file);
  } catch (error) {
    // One document a line is another format
    if (isLines(text)) return undefined;
    throw new UserError(`${file}: ${placeOf((error as Error).message, text)}`, {
      hint: 'is it whole? No format of benchmark results begins like this otherwise',
    });
  }
}

function isLines(text: string): boolean {
  const first = text.slice(0, text.indexOf('\n') + 1).trim();
  try {
    return first !== '' && typeof JSON.parse(first) === 'object';
  } catch {
    return false;
  }
}

function placeOf(message: string, text: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position === undefined || Number(position) >= text.trimEnd().length)
    return `the JSON ends too early, in line ${text.trimEnd().split('\n').length}`;
  const before = text.slice(0, Number(position)).split('\n');
  return `no valid JSON from line ${before.length}, column ${before.at(-1)!.length + 1} on`;
}
