import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import type { AgentSettings } from '../../preload/console/messages.ts';

/** How a node program is watched. */
export interface WatchOptions {
  /** Hooks on all the time, with a stack of each operation; default: as far as next to nothing is felt. */
  readonly all?: boolean;
  /** Callbacks that hold an event loop for longer are shown; 0: none are looked for. Default: 20 */
  readonly blockingMs?: number;
  /** Milliseconds from one snapshot to the next. Default: 1000 */
  readonly everyMs?: number;
}

/** Path of a script that runs in the watched process. */
export function agentScript(name: 'console' | 'console-watcher'): string {
  const path = join(packageRoot(), `dist/preload/${name}.cjs`);
  if (!existsSync(path)) throw new Error(`${path} is missing: the package is not built`);
  return path;
}

export function agentSettings(line: string, options: WatchOptions): AgentSettings {
  return {
    line,
    token: randomBytes(8).toString('hex'),
    watcher: agentScript('console-watcher'),
    all: options.all ?? false,
    blockingMs: options.blockingMs ?? 20,
    reportMs: options.everyMs ?? 1000,
  };
}
