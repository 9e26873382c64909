import { readFileSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** A value of a JSON file of which nothing is taken for granted, and where it stands, for messages. */
export interface JsonValue {
  readonly value: unknown;
  /** `estimates.json: mean.point_estimate` */
  readonly place: string;
}

/** @throws {UserError} the file cannot be read, or is no JSON */
export function readJson(path: string): JsonValue {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
  try {
    return { value: JSON.parse(text), place: path };
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${(error as Error).message}`, {
      hint: 'it may have been cut off: run the benchmark again',
      cause: error,
    });
  }
}

/** A member of an object; undefined where it is missing or null. @throws {UserError} `from` is no object */
export function member(from: JsonValue, name: string): JsonValue | undefined {
  const { value, place } = from;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(from, 'an object');
  const found = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  if (found === undefined || found === null) return undefined;
  return { value: found, place: place.includes(': ') ? `${place}.${name}` : `${place}: ${name}` };
}

/** @throws {UserError} `from` is no object, or has no such member */
export function needed(from: JsonValue, name: string): JsonValue {
  const found = member(from, name);
  if (found === undefined) throw new UserError(`${from.place} has no ${name}`);
  return found;
}

/** @throws {UserError} */
export function textOf(from: JsonValue): string {
  if (typeof from.value !== 'string') throw mismatch(from, 'text');
  return from.value;
}

/** @throws {UserError} */
export function numberOf(from: JsonValue): number {
  if (typeof from.value !== 'number') throw mismatch(from, 'a number');
  return from.value;
}

/** A number, or the null that serde and JSON.stringify write for what is none. @throws {UserError} it is missing */
export function numberOrNaN(from: JsonValue, name: string): number {
  const found = member(from, name);
  if (found !== undefined) return numberOf(found);
  if (!Object.hasOwn(from.value as object, name)) throw new UserError(`${from.place} has no ${name}`);
  return Number.NaN;
}

/** @throws {UserError} */
export function numbersOf(from: JsonValue): Float64Array {
  const { value } = from;
  if (!Array.isArray(value)) throw mismatch(from, 'a list of numbers');
  const wrong = value.findIndex((each) => typeof each !== 'number');
  if (wrong >= 0) throw mismatch({ value: value[wrong], place: `${from.place}[${wrong}]` }, 'a number');
  return Float64Array.from(value);
}

export function mismatch({ value, place }: JsonValue, wanted: string): UserError {
  const is =
    value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : value;
  return new UserError(`${place} is ${String(is).slice(0, 40)}, not ${wanted}`);
}
