import { fstatSync, writeSync } from 'node:fs';

/** What a command may touch of the process it runs in; tests hand in their own. */
export interface World {
  /** As in process.argv: node, script, then the words. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

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
  if (world !== process) return true;
  try {
    return fstatSync(stream === 'stdout' ? 1 : 2).isCharacterDevice();
  } catch {
    return false;
  }
}
