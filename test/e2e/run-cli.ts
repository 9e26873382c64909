import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

export const root = resolve(import.meta.dirname, '../..');
export const bin = join(root, 'bin/pforge-prof.js');
export const example = (name: string): string => join(root, 'examples', name);

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Command lines of processes of the call's session that outlived it. */
  readonly survivors: readonly string[];
}

export interface CliOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string | Uint8Array;
  /** Signals to send, each after so many milliseconds, once standard output holds a text, or standard error does, or a file is there. */
  readonly signals?: readonly {
    readonly after: number | string | { readonly stderr: string } | { readonly file: string };
    readonly signal: NodeJS.Signals;
    readonly to: 'group' | 'leader';
  }[];
}

const FADE_MS = 100;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A fresh folder to work in; gone after the last test of the file. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-e2e-'));
  folders.push(folder);
  return folder;
}

/** Runs the real binary in a session of its own, as a shell's job would run. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? workFolder(),
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    detached: true,
  });
  const pid = child.pid!;
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((done) => {
    child.once('close', (code, signal) => done([code, signal]));
  });
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (const { after, signal, to } of options.signals ?? []) {
    if (typeof after === 'number') await pause(after);
    else {
      const seen = (): boolean => {
        if (typeof after === 'string') return stdout.includes(after);
        return 'file' in after ? existsSync(after.file) : stderr.includes(after.stderr);
      };
      while (!over && !seen()) await pause(10);
    }
    if (!over) process.kill(to === 'group' ? -pid : pid, signal);
  }
  const [code, signal] = await ended;
  return { code, signal, stdout, stderr, survivors: await survivorsOf(pid) };
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** What was told to end may need a moment for it. */
async function survivorsOf(session: number): Promise<string[]> {
  const deadline = performance.now() + FADE_MS;
  for (;;) {
    const left = ofSession(session);
    if (left.length === 0 || performance.now() > deadline) return left;
    await pause(10);
  }
}

function ofSession(session: number): string[] {
  const found: string[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[3]) === session && fields[0] !== 'Z') found.push(readFileSync(`/proc/${name}/cmdline`, 'utf8'));
    } catch {
      // It has ended between the two looks.
    }
  }
  return found;
}
