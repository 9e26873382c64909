import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { EXIT, readError, UserError } from '../errors.ts';
import type { ConsoleSnapshot } from './snapshot.ts';
import { checkedSnapshot } from './snapshot-shape.ts';

const HEAD = { format: 'pforge-prof-console', version: 1 } as const;
const NEWLINE = 10;
const PIECE = 1 << 20;
/** A snapshot is some hundred kilobytes at most. */
const LONGEST_LINE = 64 << 20;

/** A file that snapshots are written to, one JSON object a line. */
export interface RecordingWriter {
  /** As the person gave it. */
  readonly path: string;
  /** The line is there whole when this returns. @throws {UserError} 125: the disk does not take it */
  write(snapshot: ConsoleSnapshot): void;
  close(): void;
}

/**
 * Begins a recording. It tells much of a program: a new file is its user's alone (0600).
 * @throws {UserError} 125: the file cannot be written; 2: there is something else under that name
 */
export function startRecording(path: string): RecordingWriter {
  let file: number;
  try {
    file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
  } catch (error) {
    throw cannotWrite(path, error);
  }
  try {
    const stat = fstatSync(file);
    if (stat.isFile() && stat.size > 0) {
      const start = Buffer.alloc(Math.min(stat.size, 256));
      readSync(file, start, 0, start.length, 0);
      if (!isHead(start.toString().split('\n')[0]!)) {
        throw new UserError(`${path} is there already, and is no recording of console`, {
          hint: 'choose another name with --record',
        });
      }
      ftruncateSync(file, 0);
    }
    append(file, path, JSON.stringify(HEAD));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  let isOpen = true;
  return {
    path,
    write: (snapshot) => {
      if (isOpen) append(file, path, JSON.stringify(snapshot));
    },
    close: () => {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

function append(file: number, path: string, line: string): void {
  const bytes = Buffer.from(`${line}\n`);
  const { size } = fstatSync(file);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  } catch (error) {
    try {
      // What a full disk took of the line goes
      ftruncateSync(file, size);
    } catch {
      // A pipe: whoever reads it finds the line torn
    }
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, error: unknown): UserError {
  return new UserError(`cannot write ${path}: ${(error as NodeJS.ErrnoException).code}`, {
    hint: 'choose another place with --record',
    exitCode: EXIT.cannotCollect,
    cause: error,
  });
}

function isHead(line: string): boolean {
  try {
    const head: unknown = JSON.parse(line);
    return (head as Partial<typeof HEAD> | null)?.format === HEAD.format;
  } catch {
    return false;
  }
}

/** A recording that was opened. Only where its lines are is kept in memory. */
export interface Recording {
  readonly path: string;
  /** Snapshots in it. */
  readonly length: number;
  /** What could not be read. */
  readonly notes: readonly string[];
  /** @throws {UserError} the line is broken */
  at(index: number): ConsoleSnapshot;
  close(): void;
}

/**
 * Opens a recording. A last line that was cut off, as its writer was killed, is left out.
 * @throws {UserError} it cannot be read, is something else, or holds no snapshot
 */
export function openRecording(path: string): Recording {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw readError(path, error);
  }
  try {
    return readable(file, path);
  } catch (error) {
    closeSync(file);
    throw readError(path, error);
  }
}

function readable(file: number, path: string): Recording {
  const ends = lineEnds(file);
  const size = fstatSync(file).size;
  const head = ends.length > 0 ? read(file, 0, Math.min(ends[0]!, 4096)) : '';
  if (!isHead(head)) {
    throw new UserError(`${path}:1: no recording of console`, {
      hint: 'pforge-prof console --record FILE makes one; flame, report and view read all other recordings',
    });
  }
  const { version } = JSON.parse(head) as { version: unknown };
  if (version !== HEAD.version) {
    throw new UserError(`${path} is a recording of version ${JSON.stringify(version ?? null)}, and only 1 is known`, {
      hint: 'a newer pforge-prof can read it',
    });
  }
  const notes: string[] = [];
  const lines = ends.slice(1).map((end, i) => ({ number: i + 2, from: ends[i]! + 1, to: end }));
  const lastEnd = ends.at(-1)! + 1;
  if (lastEnd < size) {
    // A whole object without its newline is as good as any other
    const last = { number: lines.length + 2, from: lastEnd, to: size };
    if (isWhole(file, path, last)) lines.push(last);
    else notes.push(`${path}:${last.number}: cut off amid a snapshot, which is left out`);
  }
  const kept = lines.filter(({ from, to }) => to > from);
  if (kept.length === 0) throw new UserError(`${path} holds no snapshot`, { hint: 'it ended before the first second' });
  return {
    path,
    length: kept.length,
    notes,
    at: (index) => parsed(file, path, kept[index]!),
    close: () => closeSync(file),
  };
}

interface LineOfFile {
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

function lineEnds(file: number): number[] {
  const ends: number[] = [];
  const piece = Buffer.alloc(PIECE);
  for (let at = 0; ; ) {
    const length = readSync(file, piece, 0, PIECE, at);
    if (length === 0) return ends;
    for (let i = piece.indexOf(NEWLINE); i >= 0 && i < length; i = piece.indexOf(NEWLINE, i + 1)) ends.push(at + i);
    at += length;
  }
}

function read(file: number, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  let at = 0;
  while (at < bytes.length) {
    const length = readSync(file, bytes, at, bytes.length - at, from + at);
    if (length === 0) break;
    at += length;
  }
  return bytes.toString('utf8', 0, at);
}

function isWhole(file: number, path: string, line: LineOfFile): boolean {
  try {
    parsed(file, path, line);
    return true;
  } catch {
    return false;
  }
}

function parsed(file: number, path: string, { number, from, to }: LineOfFile): ConsoleSnapshot {
  const wrong = (what: string): UserError => new UserError(`${path}:${number}: ${what}`);
  if (to - from > LONGEST_LINE) throw wrong(`a line of ${to - from} bytes is no snapshot`);
  let value: unknown;
  try {
    value = JSON.parse(read(file, from, to));
  } catch {
    throw wrong('the line is no JSON');
  }
  const snapshot = checkedSnapshot(value);
  if (typeof snapshot === 'string') throw wrong(`no snapshot: ${snapshot}`);
  return snapshot;
}
