import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from '../e2e/run-cli.ts';

/** A variable in the environment of every process of a row, however far it moves away from us. */
const MARK = 'PFORGE_FAULT_ROW';
/** What a row may take before it counts as hung. */
const HUNG_MS = 90_000;
/** How long what outlives the command may take to end by itself: a daemon, and what the kernel tears down. */
const FADE_MS = 4_000;

/** A signal that is sent to the command or its group, so many milliseconds after the program said `ready`. */
export interface Sent {
  readonly signal: NodeJS.Signals;
  readonly to: 'group' | 'leader';
  readonly after: number;
}

/** The folders of one row. */
export interface Place {
  /** Where the command runs: empty at first. */
  readonly cwd: string;
  /** Its TMPDIR: empty at first. */
  readonly tmp: string;
}

export interface Row {
  /** Words of the command line. */
  readonly words: readonly string[];
  /** Puts other programs around the whole command: `sh -c '...' sh`, script and the like. */
  readonly wrap?: ((words: readonly string[]) => readonly string[]) | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly sent?: readonly Sent[];
  /** Where the printed word `ready` stands that signals wait for. Default: they wait for `after` alone. */
  readonly awaitsReady?: boolean;
}

export interface Outcome {
  /** The exit code, or 128 + n as a shell tells it; undefined: it hung and was killed. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | null;
  /** Bytes on standard output. */
  readonly printed: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Command lines of what was left running a while after the command had ended. */
  readonly orphans: readonly string[];
  /** Names in the folder where the command ran. */
  readonly files: readonly string[];
  /** Names in its temporary folder. */
  readonly temporary: readonly string[];
}

let rows = 0;

/** Folders for one row; `remove` them when its files were looked at. */
export function makePlace(): Place & { remove(): void } {
  const base = mkdtempSync(join(tmpdir(), 'pforge-fault-'));
  const place = { cwd: join(base, 'work'), tmp: join(base, 'tmp') };
  for (const folder of [place.cwd, place.tmp]) mkdirSync(folder);
  chmodSync(base, 0o755);
  return { ...place, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** Runs the real command line in a session of its own and looks at all that it leaves. */
export async function underFault(row: Row, { cwd, tmp }: Place): Promise<Outcome> {
  const mark = `${process.pid}-${++rows}-${process.hrtime.bigint()}`;
  const words = [process.execPath, bin, ...row.words];
  const [file, ...args] = row.wrap?.(words) ?? words;
  const child = spawn(file!, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', TMPDIR: tmp, [MARK]: mark, ...row.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const heard = listen(child);
  child.stdin!.on('error', () => {});
  child.stdin!.end(row.stdin ?? '');
  let over = false;
  const exited = new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      over = true;
      done([code, signal]);
    });
  });
  const closed = new Promise((done) => child.once('close', done));
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    for (const pid of marked(mark)) kill(pid);
  }, HUNG_MS);
  if (row.awaitsReady) while (!over && !heard.stdout.includes('ready')) await pause(20);
  for (const { signal, to, after } of row.sent ?? []) {
    await pause(after);
    if (!over) process.kill(to === 'group' ? -child.pid! : child.pid!, signal);
  }
  const [code, signal] = await exited;
  clearTimeout(timer);
  const orphans = await orphansOf(mark);
  // What was written last may be heard after the end is; what we do not know of may hold the pipe open
  await Promise.race([closed, pause(FADE_MS)]);
  return {
    code: hung || signal !== null ? undefined : (code ?? undefined),
    signal,
    ...heard,
    orphans,
    files: readdirSafely(cwd),
    temporary: readdirSafely(tmp),
  };
}

interface Heard {
  stdout: string;
  stderr: string;
  printed: number;
}

function listen(child: ChildProcess): Heard {
  const heard: Heard = { stdout: '', stderr: '', printed: 0 };
  child.stdout!.on('data', (bytes: Buffer) => {
    heard.printed += bytes.length;
    if (heard.printed < 1e6) heard.stdout += bytes.toString();
  });
  child.stderr!.on('data', (bytes: Buffer) => {
    heard.stderr += bytes.toString();
  });
  return heard;
}

/** Waits for what fades away by itself; tells of the rest, and ends it. */
async function orphansOf(mark: string): Promise<string[]> {
  const deadline = performance.now() + FADE_MS;
  let left = marked(mark);
  while (left.length > 0 && performance.now() < deadline) {
    await pause(50);
    left = marked(mark);
  }
  const lines = left.map((pid) => readFileSafely(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
  for (const pid of left) kill(pid);
  return lines;
}

function marked(mark: string): number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || !readFileSafely(`/proc/${name}/environ`).includes(`${MARK}=${mark}`)) continue;
    // A zombie is not running: whoever started it has only not asked yet
    if (!/\) Z /.test(readFileSafely(`/proc/${name}/stat`))) found.push(Number(name));
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function readFileSafely(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function readdirSafely(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
