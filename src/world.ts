import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from 'node:fs';

/** What a command may touch of the process it runs in; tests hand in their own. */
export interface World {
  /** As in process.argv: node, script, then the words. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** The streams are those of this process: what they write to can be written without them. */
  readonly ofProcess?: boolean;
}

const isOfProcess = (world: World): boolean => world === process || world.ofProcess === true;

/**
 * Writes a short text. To one that is the process itself without node's streams, which take longer to make than all else that
 * `--version` does; what does not fit into a pipe at once goes their way.
 */
export function write(world: World, to: 'stdout' | 'stderr', text: string): void {
  let bytes = Buffer.from(text);
  if (world === process) {
    try {
      while (bytes.length > 0) bytes = bytes.subarray(writeSync(to === 'stdout' ? 1 : 2, bytes));
      return;
    } catch (error) {
      // A full pipe takes more later; what is closed, or was never open, takes nothing
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
    }
  }
  // A reader that has gone away is no reason to crash
  world[to].on('error', () => {}).write(bytes);
}

/** Whether a stream can be a terminal; of the process itself that is told without node's streams. */
export function mayBeTerminal(world: World, stream: 'stdout' | 'stderr'): boolean {
  if (!isOfProcess(world)) return true;
  try {
    return fstatSync(stream === 'stdout' ? 1 : 2).isCharacterDevice();
  } catch {
    return false;
  }
}

/** A descriptor that is written without node's streams, which take longer to make than most results to write. */
export interface Direct {
  /** @returns what is not taken at once */
  write(piece: string | Uint8Array): Uint8Array;
  close(): void;
}

/** Whether all that is said can be written without node's streams. */
export function needsNoStreams(world: World): boolean {
  return isOfProcess(world) && directKind(1) !== undefined && directKind(2) !== undefined;
}

/** @returns undefined where to write could make us wait, deaf to signals: a terminal, a socket, somebody else's pipe */
export function openDirect(world: World, to: 'stdout' | 'stderr'): Direct | undefined {
  if (!isOfProcess(world)) return undefined;
  const file = to === 'stdout' ? 1 : 2;
  const kind = directKind(file);
  if (kind === undefined) return undefined;
  if (kind === 'file') return { write: (piece) => leftOf(file, piece), close() {} };
  try {
    // Opened anew, as whoever shares the pipe may rely on it to wait
    const pipe = openSync(`/proc/self/fd/${file}`, constants.O_WRONLY | constants.O_NONBLOCK);
    return { write: (piece) => leftOf(pipe, piece), close: () => closeSync(pipe) };
  } catch {
    return undefined;
  }
}

/** What a descriptor is, where it can be written without node's streams. */
function directKind(file: number): 'file' | 'pipe' | undefined {
  try {
    const state = fstatSync(file);
    if (state.isFIFO()) return 'pipe';
    const isNull = state.isCharacterDevice() && state.rdev === statSync('/dev/null').rdev;
    return state.isFile() || isNull ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

function leftOf(file: number, piece: string | Uint8Array): Uint8Array {
  let left = typeof piece === 'string' ? Buffer.from(piece) : piece;
  try {
    while (left.length > 0) left = left.subarray(writeSync(file, left));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
  return left;
}
