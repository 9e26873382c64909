import { FormatError, type Input } from '../format.ts';
import { encodingOf } from '../text/lines.ts';
import { isList, type JsonList } from './list.ts';
import { JsonMachine } from './machine.ts';
import type { Shape } from './shape.ts';

/** A JSON object whose members are not looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Where a value stands, as a JSON path: `$.nodes[3].callFrame`. A function where it is seldom asked for. */
export type JsonPath = string | (() => string);

/**
 * Reads an input as JSON, of any size: what is kept is what the shape asks for. UTF-8, or UTF-16 with a byte order mark.
 * @param shape its functions are called while reading
 * @throws {FormatError} not JSON (with the line and column), and what the shape's functions throw
 */
export async function readJson(input: Input, shape: Shape | ((machine: JsonMachine) => Shape)): Promise<unknown> {
  const machine = new JsonMachine(input, shape);
  await feedJson(input, machine);
  return machine.finish();
}

/** Gives a machine all bytes of an input, as UTF-8. */
export async function feedJson(input: Input, machine: JsonMachine): Promise<void> {
  const encoding = encodingOf(input.head);
  if (encoding === 'utf-8') {
    await input.readInto(
      () => machine.room(),
      (length) => machine.take(length),
    );
    return;
  }
  const decoder = new TextDecoder(encoding);
  const take = (text: string): void => {
    const bytes = Buffer.from(text);
    for (let taken = 0; taken < bytes.length; ) {
      const room = machine.room();
      const part = bytes.subarray(taken, taken + room.length);
      room.set(part);
      taken += part.length;
      machine.take(part.length);
    }
  };
  for await (const chunk of input.chunks()) take(decoder.decode(chunk, { stream: true }));
  take(decoder.decode());
}

/** @throws {FormatError} the value is no object */
export function jsonObject(input: Input, path: JsonPath, value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !isList(value)) return value as JsonObject;
  throw wrongType(input, path, 'an object', value);
}

/** @throws {FormatError} the value is no array */
export function jsonArray(input: Input, path: JsonPath, value: unknown): JsonList {
  if (isList(value)) return value;
  throw wrongType(input, path, 'an array', value);
}

/** @throws {FormatError} the value is no string */
export function jsonString(input: Input, path: JsonPath, value: unknown): string {
  if (typeof value === 'string') return value;
  throw wrongType(input, path, 'a string', value);
}

/** @throws {FormatError} the value is no finite number (JSON's 1e999 is Infinity) */
export function jsonNumber(input: Input, path: JsonPath, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrongType(input, path, 'a number', value);
}

export function wrongType(input: Input, path: JsonPath, expected: string, value: unknown): FormatError {
  return new FormatError(input, textOf(path), `expected ${expected}, found ${typeOf(value)}`);
}

function textOf(path: JsonPath): string {
  return typeof path === 'string' ? path : path();
}

export function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (isList(value)) return 'an array';
  if (typeof value === 'number') return Number.isFinite(value) ? `the number ${value}` : 'a number that is too big';
  if (typeof value === 'string') return 'a string';
  return typeof value === 'object' ? 'an object' : `${value}`;
}
