import { constants as bufferConstants } from 'node:buffer';
import { UserError } from '../errors.ts';
import { FormatError, type Input, type Notes } from './format.ts';
import { inputOf, readBytes } from './input.ts';
import { type JsonObject, jsonArray, jsonObject, readJsonObject } from './json-input.ts';
import { decodeText } from './text-lines.ts';

export interface TraceFile {
  readonly events: readonly unknown[];
  /** Where the events stand, as a JSON path. */
  readonly path: string;
  /** What stands beside the events; empty for a bare array. */
  readonly rest: JsonObject;
}

/**
 * Reads trace events: a bare array, or an object with `traceEvents`. Programs that die leave an array without its end,
 * which the format allows (Trace Event Format, "JSON Array Format"): it is read up to its last whole event, with a note.
 * @throws {FormatError} not JSON, or without events
 */
export async function readTraceEvents(input: Input, notes: Notes): Promise<TraceFile> {
  const bytes = await readBytes(input);
  if (bytes.length > bufferConstants.MAX_STRING_LENGTH) {
    throw new UserError(`${input.name} is too big: JSON is read up to ${bufferConstants.MAX_STRING_LENGTH} bytes`);
  }
  const text = decodeText(bytes).trim();
  const file = parse(text) ?? repaired(text);
  if (file === undefined) {
    await readJsonObject(inputOf(bytes, input.name));
    throw new FormatError(input, '', 'this is not valid JSON');
  }
  if (file.cut) notes.add(`${input.name} ends early: read up to its last whole event`);
  if (Array.isArray(file.value)) return { events: file.value, path: '$', rest: {} };
  const rest = jsonObject(input, '$', file.value);
  return { events: jsonArray(input, '$.traceEvents', rest.traceEvents), path: '$.traceEvents', rest };
}

interface Parsed {
  readonly value: unknown;
  readonly cut: boolean;
}

function parse(text: string): Parsed | undefined {
  try {
    return { value: JSON.parse(text), cut: false };
  } catch {
    return undefined;
  }
}

/** The text up to the last whole event, closed. Undefined where even that is no JSON. */
function repaired(text: string): Parsed | undefined {
  const start = text.startsWith('[') ? 0 : text.search(/"traceEvents"\s*:\s*\[/);
  if (start < 0) return undefined;
  const open = text.indexOf('[', start);
  const end = lastElementEnd(text, open);
  if (end < 0) return undefined;
  const parsed = parse(`${text.slice(0, end)}]${open === 0 ? '' : '}'}`);
  return parsed && { value: parsed.value, cut: true };
}

/** Where the last whole object of the array that opens at `open` ends; -1 for none. */
function lastElementEnd(text: string, open: number): number {
  let depth = 0;
  let end = -1;
  for (let i = open; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) {
      i = stringEnd(text, i);
      if (i < 0) return end;
    } else if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) {
      depth--;
      if (depth === 0) return end;
      if (depth === 1 && code === 125) end = i + 1;
    }
  }
  return end;
}

/** The index of the quote that closes the string at `open`; -1 for none. */
function stringEnd(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return i;
  }
  return -1;
}
