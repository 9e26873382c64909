import type { Counter, Meta, Profile, Thread, ValueType } from '../profile/profile.ts';

type Summary = Pick<Profile, 'valueTypes' | 'strings' | 'threads' | 'counters' | 'meta'>;
type Members = Record<string, unknown>;

/**
 * Reads the JSON of an embedded profile. Members that later versions may add do not matter.
 * @throws {RangeError} it is no JSON, or a member is not what it must be
 */
export function readSummary(text: string): Summary {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RangeError('its summary is no JSON');
  }
  const summary = members('summary', json);
  return {
    valueTypes: list('valueTypes', summary.valueTypes, valueType),
    strings: list('strings', summary.strings, (row) => string('strings', row)),
    threads: list('threads', summary.threads, thread),
    counters: list('counters', summary.counters, counter),
    meta: meta(members('meta', summary.meta)),
  };
}

function valueType(row: unknown): ValueType {
  const { type, unit } = members('valueTypes', row);
  return { type: string('type', type), unit: string('unit', unit) };
}

function thread(row: unknown): Thread {
  const { pid, tid, process, name } = members('threads', row);
  return {
    pid: number('pid', pid),
    tid: number('tid', tid),
    process: string('process', process),
    name: string('name', name),
  };
}

function counter(row: unknown): Counter {
  const { name, unit, value, variance, runs, percentRunning, supported } = members('counters', row);
  return {
    name: string('name', name),
    unit: string('unit', unit),
    value: number('value', value),
    ...(variance === undefined ? {} : { variance: number('variance', variance) }),
    ...(runs === undefined ? {} : { runs: number('runs', runs) }),
    ...(percentRunning === undefined ? {} : { percentRunning: number('percentRunning', percentRunning) }),
    supported: supported === true,
  };
}

function meta({ tool, format, command, startTime, duration, sampleInterval, host, cut, notes }: Members): Meta {
  return {
    ...(tool === undefined ? {} : { tool: string('tool', tool) }),
    ...(format === undefined ? {} : { format: string('format', format) }),
    ...(command === undefined ? {} : { command: list('command', command, (word) => string('command', word)) }),
    ...(startTime === undefined ? {} : { startTime: number('startTime', startTime) }),
    ...(duration === undefined ? {} : { duration: number('duration', duration) }),
    ...(sampleInterval === undefined ? {} : { sampleInterval: number('sampleInterval', sampleInterval) }),
    ...(host === undefined ? {} : { host: string('host', host) }),
    ...(cut === undefined ? {} : { cut: number('cut', cut) }),
    notes: list('notes', notes, (note) => string('notes', note)),
  };
}

function members(what: string, value: unknown): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new RangeError(`${what} is no object`);
}

function list<Row>(what: string, value: unknown, row: (value: unknown) => Row): Row[] {
  if (Array.isArray(value)) return value.map(row);
  throw new RangeError(`${what} is no list`);
}

function string(what: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new RangeError(`${what} is no text`);
}

function number(what: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new RangeError(`${what} is no number`);
}
