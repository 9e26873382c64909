import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';

/** A folder in which a tool left recordings. */
export interface RecordingFolder {
  /** Paths, in the order of their names. */
  readonly files: readonly string[];
  /** What was found, for the person. */
  readonly note: string;
}

/** V8's logs, one an isolate; 0x writes the pid twice and keeps what node made of the log beside it. */
const isolateLog = /^isolate-(?:0x)?[0-9a-f]{1,16}(?:-\d{1,10}){1,2}-v8\.log$/i;
const isolateJson = /^isolate-(?:0x)?[0-9a-f]{1,16}(?:-\d{1,10}){1,2}-v8(?:\.log)?\.json$/i;
const clinicFlame = /^.*\.clinic-flame$/;
/** Seen with 0x 5 and 6: of a program with workers it takes the first log that it finds, a worker's maybe, and deletes the rest. */
const ONE_ISOLATE = '0x keeps one thread of a program, which may be a worker; the others are lost';

const clinicOther = /\.clinic-(bubbleprof|doctor)-\w+$/;

/**
 * The recordings in a folder that `node --prof`, 0x (`PID.0x/`: V8's logs, or with --kernel-tracing perf's text) or
 * clinic flame (`.clinic/PID.clinic-flame/`) has left.
 * @returns undefined where the path is no folder, or no folder that we know
 * @throws {UserError} a folder of clinic without a profile, or several recordings of which one must be named
 */
export function recordingFolder(path: string): RecordingFolder | undefined {
  const names = namesIn(path);
  if (names === undefined) return undefined;
  const flames = names.filter((name) => clinicFlame.test(name));
  if (flames.length === 1) return recordingFolder(join(path, flames[0]!));
  if (flames.length > 1) {
    throw new UserError(`${path} holds ${flames.length} recordings of clinic flame`, {
      hint: `name one of them: ${flames.slice(0, 5).join(', ')}`,
    });
  }
  return logs(path, names) ?? clinic(path, names);
}

function logs(path: string, names: readonly string[]): RecordingFolder | undefined {
  const of0x = names.includes('meta.json') || path.replace(/\/+$/, '').endsWith('.0x');
  const tool = of0x ? '0x' : 'node --prof';
  const found = [isolateLog, isolateJson, /^stacks\.\d{1,10}\.out$/]
    .map((pattern) => names.filter((name) => pattern.test(name)))
    .find((list) => list.length > 0);
  if (found === undefined) return undefined;
  const workers = of0x && found.length === 1 ? `; ${ONE_ISOLATE}` : '';
  return {
    files: found.map((name) => join(path, name)),
    note: `${path} is a folder of ${tool}: read ${list(found)}${workers}`,
  };
}

function clinic(path: string, names: readonly string[]): RecordingFolder | undefined {
  const samples = names.filter((name) => /^.*\.clinic-flame-samples$/.test(name));
  if (samples.length > 0) {
    const note = `${path} is a folder of clinic flame: read ${list(samples)}; ${ONE_ISOLATE}`;
    return { files: samples.map((name) => join(path, name)), note };
  }
  const other = names.map((name) => clinicOther.exec(name)?.[1]).find((tool) => tool !== undefined);
  if (other === undefined) return undefined;
  throw new UserError(`${path} is a folder of clinic ${other}, which records no stacks of the processor's time`, {
    hint: 'record with clinic flame, or with pforge-prof flame -- node ...',
  });
}

function list(names: readonly string[]): string {
  return names.length <= 4 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

/** Undefined for what is no folder, or cannot be read as one: who opens it says why. */
function namesIn(path: string): string[] | undefined {
  try {
    return readdirSync(path).sort();
  } catch {
    return undefined;
  }
}
