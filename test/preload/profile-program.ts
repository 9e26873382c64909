import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { appendOption, requireOption } from '../../src/preload/node-options.ts';
import { SETTINGS_VARIABLE, type Settings } from '../../src/preload/settings.ts';

export const preload = resolve(import.meta.dirname, '../../dist/preload/v8-cpu.cjs');

/** `hot` burns processor time under its own name; `line` prints past all buffers. */
export const PRELUDE = `
function hot(ms) { const end = Date.now() + ms; let x = 0; while (Date.now() < end) for (let i = 0; i < 1e5; i++) x += Math.sqrt(i); return x; }
function line(text) { require('node:fs').writeSync(1, text + '\\n'); }
`;

export interface ProgramOptions {
  /** Program text; PRELUDE comes before it, except in a module. */
  readonly source?: string;
  /** File name of the program. Default: main.js */
  readonly name?: string;
  /** Arguments of node after the file; or, without `source`, all of them. */
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  readonly checkpointMs?: number;
  /** Once standard output holds `printed`: a signal, or a request to write over the control line. */
  readonly once?: { readonly printed: string; readonly send: NodeJS.Signals | 'flush'; readonly kill?: NodeJS.Signals };
  /** Without the preload. */
  readonly plain?: boolean;
  /** Path of the preload. */
  readonly preload?: string;
}

interface ProfiledThread {
  readonly pid: number;
  readonly tid: number;
  readonly process: string;
  readonly segments: number;
  readonly samples: number;
  /** Samples with `hot` on top. */
  readonly hot: number;
}

export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly dir: string;
  readonly threads: (ProfiledThread & { readonly name: string })[];
  /** Files that are no segments. */
  readonly others: readonly string[];
}

/** Runs a program with the built preload, as the collector would. */
export async function profileProgram(options: ProgramOptions): Promise<ProgramResult> {
  const work = mkdtempSync(join(tmpdir(), 'pforge-preload-'));
  const dir = join(work, 'profiles');
  mkdirSync(dir, { mode: 0o700 });
  const lines: Socket[] = [];
  let answered = (): void => {};
  // A process calls when it is ready for signals.
  let called = (): void => {};
  const onLine = new Promise<void>((done) => {
    called = done;
  });
  const server = createServer((socket) => {
    lines.push(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      called();
      if (data.includes('done')) answered();
    });
  }).listen(join(dir, 'c'));
  try {
    const args = [...(options.nodeArgs ?? [])];
    if (options.source !== undefined) {
      const name = options.name ?? 'main.js';
      writeFileSync(join(work, name), (name.endsWith('.mjs') ? '' : PRELUDE) + options.source);
      args.push(join(work, name));
    }
    args.push(...(options.args ?? []));
    const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
    if (!options.plain) {
      const settings: Settings = {
        dir,
        line: join(dir, 'c'),
        sampling: { what: 'cpu', intervalMicros: 1000 },
        checkpointMs: options.checkpointMs ?? 60_000,
        nodeOption: requireOption(options.preload ?? preload),
      };
      env.NODE_OPTIONS = appendOption(env.NODE_OPTIONS, settings.nodeOption);
      env[SETTINGS_VARIABLE] = JSON.stringify(settings);
    }
    const child = spawn(process.execPath, args, { env, cwd: work });
    let stdout = '';
    let stderr = '';
    const act = async ({ send, kill }: NonNullable<ProgramOptions['once']>): Promise<void> => {
      if (!options.plain) await onLine;
      if (send !== 'flush') {
        child.kill(send);
        return;
      }
      answered = () => child.kill(kill);
      for (const socket of lines) socket.write('flush\n');
    };
    let { once } = options;
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (once === undefined || !stdout.includes(once.printed)) return;
      void act(once);
      once = undefined;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin ?? '');
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((done) => {
      child.once('close', (...ending) => done(ending));
    });
    const files = (existsSync(dir) ? readdirSync(dir) : []).filter((file) => file !== 'c');
    return {
      code,
      signal,
      stdout,
      stderr: stderr.replaceAll(work, 'WORK'),
      dir: work,
      threads: threadsIn(dir, files),
      others: files.filter((file) => !file.endsWith('.cpuprofile')),
    };
  } finally {
    for (const socket of lines) socket.destroy();
    server.close();
    rmSync(work, { recursive: true, force: true });
  }
}

interface Segment {
  nodes: { id: number; callFrame: { functionName: string } }[];
  samples: number[];
  timeDeltas: number[];
  startTime: number;
  endTime: number;
  pforgeProf: { pid: number; tid: number; process: string; thread: string };
}

function threadsIn(dir: string, files: readonly string[]): ProgramResult['threads'] {
  const threads = new Map<string, ProgramResult['threads'][number] & { end: number }>();
  const sequence = (file: string): number => Number(/-(\d+)\.cpuprofile$/.exec(file)?.[1]);
  const profiles = files.filter((file) => file.endsWith('.cpuprofile')).sort((a, b) => sequence(a) - sequence(b));
  for (const file of profiles) {
    const segment = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Segment;
    const { pid, tid, process: processName, thread: name } = segment.pforgeProf;
    if (!file.startsWith(`${pid}-${tid}-`)) throw new Error(`${file} says ${pid}-${tid}`);
    const names = new Map(segment.nodes.map((node) => [node.id, node.callFrame.functionName]));
    const before = threads.get(`${pid}-${tid}`);
    const first = segment.startTime + (segment.timeDeltas[0] ?? 0);
    if (before !== undefined && (segment.startTime < before.end || first < before.end)) {
      throw new Error(`${file} overlaps the segment before it`);
    }
    threads.set(`${pid}-${tid}`, {
      pid,
      tid,
      process: processName,
      name,
      segments: (before?.segments ?? 0) + 1,
      samples: (before?.samples ?? 0) + segment.samples.length,
      hot: (before?.hot ?? 0) + segment.samples.filter((id) => names.get(id) === 'hot').length,
      end: segment.endTime,
    });
  }
  return [...threads.values()].map(({ end: _, ...thread }) => thread).sort((a, b) => a.pid - b.pid || a.tid - b.tid);
}
