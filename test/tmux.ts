import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { bin } from './e2e/run-cli.ts';
import { requireTool } from './require-tool.ts';

export const hasTmux = requireTool('tmux', spawnSync('tmux', ['-V']).status === 0);

/** How long something may take to be seen on a machine that has much to do. */
const PATIENCE_MS = 30_000;

/** A terminal that programs cannot tell from a real one, with a shell in it. */
export interface Terminal {
  readonly folder: string;
  /** What is seen, row by row; blanks at the end of lines are left out. */
  screen(): string;
  /** Also with the colours. */
  painted(): string;
  /** Keys by tmux's names: `q`, `Enter`, `C-c`. */
  press(...keys: string[]): void;
  /** Types a command for the shell. */
  run(command: string): void;
  resize(columns: number, rows: number): void;
  /** @returns the screen as soon as it holds that. @throws {Error} it never does, with what is seen instead */
  until(pattern: RegExp): Promise<string>;
}

/** The command line as a shell is told it. */
export function command(...words: string[]): string {
  return [process.execPath, bin, ...words].map((word) => `'${word}'`).join(' ');
}

/** Opens a terminal; it is gone after the test. */
export function openTerminal(columns: number, rows: number, env: Readonly<Record<string, string>> = {}): Terminal {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-tmux-'));
  const socket = join(folder, 'tmux');
  const tmux = (...words: string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], {
      encoding: 'utf8',
      env: { ...process.env, TMUX: '', LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const given = Object.entries({ PS1: '$ ', ...env }).map(([name, value]) => `'${name}=${value}'`);
  const size = ['-x', String(columns), '-y', String(rows)];
  // A shell with job control, and without anybody's own settings or the test runner's colours
  const shell = `env -u NO_COLOR -u FORCE_COLOR ${given.join(' ')} bash --norc --noprofile`;
  tmux('new-session', '-d', '-s', 'one', ...size, '-c', folder, shell);
  onTestFinished(() => {
    try {
      tmux('kill-server');
    } catch {
      // It has ended by itself
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'one');
  return {
    folder,
    screen,
    painted: () => tmux('capture-pane', '-p', '-e', '-t', 'one'),
    press: (...keys) => void tmux('send-keys', '-t', 'one', ...keys),
    run: (line) => {
      tmux('send-keys', '-t', 'one', '-l', line);
      tmux('send-keys', '-t', 'one', 'Enter');
    },
    resize: (width, height) => void tmux('resize-window', '-t', 'one', '-x', String(width), '-y', String(height)),
    until: async (pattern) => {
      const deadline = performance.now() + PATIENCE_MS;
      let seen = screen();
      while (!pattern.test(seen)) {
        if (performance.now() > deadline) throw new Error(`never seen: ${pattern}; instead:\n${seen}`);
        await new Promise((done) => setTimeout(done, 100));
        seen = screen();
      }
      return seen;
    },
  };
}
