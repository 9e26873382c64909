import type { Input, Notes } from '../format.ts';
import { feedJson, type JsonObject, jsonArray, jsonObject } from '../json-stream/input.ts';
import { isList } from '../json-stream/list.ts';
import { JsonMachine } from '../json-stream/machine.ts';
import type { Shape } from '../json-stream/shape.ts';
import { JsonSyntaxError } from '../json-stream/window.ts';

const CLOSE_ARRAY = 93;

/** Takes what a trace holds, in the file's order. */
export interface TraceReader {
  /** The events begin; if there were some already (a key that stands twice), they are void. */
  start(): void;
  event(event: JsonObject, path: () => string, index: number): void;
  readonly eventShape: Shape;
  /** What to read beside the events. */
  rest(machine: JsonMachine): ReadonlyMap<string, Shape>;
}

export interface TraceFile {
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
export async function readTraceEvents(input: Input, notes: Notes, reader: TraceReader): Promise<TraceFile> {
  let events = 0;
  const machine: JsonMachine = new JsonMachine(input, (reading) => {
    const each = (value: unknown, index: number): void => {
      const path = () => reading.path();
      reader.event(jsonObject(input, path, value), path, index);
      events++;
    };
    const opened = (): void => {
      events = 0;
      reader.start();
    };
    const list: Shape = { items: reader.eventShape, each, opened };
    return { fields: new Map([...reader.rest(reading), ['traceEvents', list]]), items: reader.eventShape, each };
  });
  let value: unknown;
  let cut = false;
  try {
    await feedJson(input, machine);
    value = machine.finish();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError) || events === 0 || !isMendable(error, machine)) throw error;
    notes.add(`${input.name} ends early: read up to its last whole event`);
    value = machine.partial();
    cut = true;
  }
  if (isList(value)) return { path: '$', rest: {} };
  const rest = jsonObject(input, '$', value);
  if (!cut) jsonArray(input, '$.traceEvents', rest.traceEvents);
  return { path: '$.traceEvents', rest };
}

/** Whether all events up to the error are whole: it is the end, stands behind the events, or ends them after a comma. */
function isMendable(error: JsonSyntaxError, machine: JsonMachine): boolean {
  if (error.cut) return true;
  const path = machine.path();
  if (!/^\$(?:\.traceEvents)?\[/.test(path)) return true;
  return error.byte === CLOSE_ARRAY && /^\$(?:\.traceEvents)?\[\d+\]$/.test(path);
}
