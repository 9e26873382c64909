import { constants as bufferConstants } from 'node:buffer';
import { UserError } from '../errors.ts';
import { FormatError, type Input } from './format.ts';
import { readBytes } from './input.ts';
import { decodeText } from './text-lines.ts';

/** A JSON object whose members are not looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads all of an input as one JSON object. UTF-8, or UTF-16 with a byte order mark.
 * @throws {FormatError} not JSON (with the line and column), or not an object
 */
export async function readJsonObject(input: Input): Promise<JsonObject> {
  const bytes = await readBytes(input);
  if (bytes.length > bufferConstants.MAX_STRING_LENGTH) {
    throw new UserError(`${input.name} is too big: JSON is read up to ${bufferConstants.MAX_STRING_LENGTH} bytes`);
  }
  const text = decodeText(bytes);
  return jsonObject(input, '$', parse(input, text));
}

function parse(input: Input, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw new FormatError(input, '', 'this JSON is nested too deeply');
    }
    const at = /at position (\d+)/.exec(error.message)?.[1];
    const end = at === undefined ? /end of/i.test(error.message) : Number(at) >= text.length;
    const position = end ? text.length : Number(at ?? 0);
    const before = text.slice(0, position);
    const line = before.split('\n').length;
    const column = position - (before.lastIndexOf('\n') + 1) + 1;
    throw new FormatError(
      input,
      `line ${line}, column ${column}`,
      end ? 'the JSON ends too early' : 'this is not valid JSON',
      end ? 'the file was cut: record or copy it again' : undefined,
    );
  }
}

/**
 * @param path where the value stands, as a JSON path: `$.nodes[3].callFrame`
 * @throws {FormatError} the value is no object
 */
export function jsonObject(input: Input, path: string, value: unknown): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw wrongType(input, path, 'an object', value);
}

/** @throws {FormatError} the value is no array */
export function jsonArray(input: Input, path: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrongType(input, path, 'an array', value);
}

/** @throws {FormatError} the value is no string */
export function jsonString(input: Input, path: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw wrongType(input, path, 'a string', value);
}

/** @throws {FormatError} the value is no finite number (JSON's 1e999 is Infinity) */
export function jsonNumber(input: Input, path: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrongType(input, path, 'a number', value);
}

export function wrongType(input: Input, path: string, expected: string, value: unknown): FormatError {
  return new FormatError(input, path, `expected ${expected}, found ${typeName(value)}`);
}

function typeName(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isFinite(value) ? `the number ${value}` : 'a number that is too big';
  if (typeof value === 'string') return 'a string';
  return typeof value === 'object' ? 'an object' : `${value}`;
}
