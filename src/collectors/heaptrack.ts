import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { findTool, type ProgramKind, programKind, resolveProgram } from '../processes/executables.ts';
import { startFedPipeline } from '../processes/fed-pipeline.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import type { Artefact, CollectOptions, Detection } from './collector.ts';
import { runPreloaded } from './preloaded.ts';
import { nodeNotes, refuseStatic } from './unseen-allocations.ts';

const REMEDY = 'apt-get install heaptrack';
/** Processes that a program leaves behind keep the recording open. */
const DIGEST_MS = 10_000;

/** What heaptrack's own script starts, which writes to the program's standard output and opens windows. */
interface Installed {
  readonly script: string;
  readonly preload: string;
  readonly interpreter: string;
}

function installed(): Installed | undefined {
  const script = findTool('heaptrack');
  if (script === undefined) return undefined;
  const library = join(dirname(realpathSync(script)), '../lib/heaptrack');
  const preload = join(library, 'libheaptrack_preload.so');
  const interpreter = join(library, 'libexec/heaptrack_interpret');
  return existsSync(preload) && existsSync(interpreter) ? { script, preload, interpreter } : undefined;
}

/** Whether heaptrack can record here. */
export function detectHeaptrack(): Detection {
  const found = installed();
  if (found === undefined) return { ok: false, why: 'not installed', remedy: REMEDY };
  return {
    ok: true,
    version: /heaptrack ([\d.]+)"/.exec(readFileSync(found.script, 'latin1'))?.[1] ?? '',
    path: found.script,
  };
}

const MASSIF_SEES = '--tool massif sees it, of flame --collector massif';
const SCRIPT_NOTE =
  'heaptrack does not follow programs that a script or shell starts: give the program itself, or record with massif';

/**
 * Records each allocation of a native program with heaptrack: two to three times slower.
 * @throws {UserError} 125 without heaptrack or a recording, 126/127 when the program cannot be run, 130 on give-up
 */
export async function collectHeaptrack(
  program: readonly string[],
  options: Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say' | 'progress'>,
): Promise<Artefact> {
  const tool = installed();
  if (tool === undefined) {
    throw new UserError('heaptrack is not installed', { hint: REMEDY, exitCode: EXIT.cannotCollect });
  }
  const path = resolveProgram(program[0] ?? '');
  const kind = programKind(path);
  refuseStatic(path, 'heaptrack', program[0]!);
  const dir = await makePrivateDir();
  const pipe = join(dir, 'pipe');
  const log = join(dir, 'log');
  const packer = compressor();
  const file = join(dir, `recording${packer?.extension ?? ''}`);
  const dispose = (): Promise<void> => removePrivateDir(dir);
  let pipeline: Awaited<ReturnType<typeof startFedPipeline>> | undefined;
  try {
    pipeline = await startFedPipeline({
      pipe,
      tools: [[tool.interpreter], ...(packer === undefined ? [] : [packer.words])],
      output: file,
      log,
      // It would ask servers for debug information
      env: { ...process.env, DEBUGINFOD_URLS: undefined },
    });
    const preload = {
      library: tool.preload,
      variables: { DUMP_HEAPTRACK_OUTPUT: pipe },
      doing: 'heaptrack: 2 to 3 times slower',
    };
    const { exit, stopped, duration } = await runPreloaded(program, path, preload, options);
    const inTime = await pipeline.finish(DIGEST_MS);
    checkSeen(readFileSync(log, 'utf8'), program[0]!, kind);
    const notes = [
      ...nodeNotes(kind, 'heaptrack'),
      ...(kind === 'script' ? [SCRIPT_NOTE] : []),
      ...(inTime ? [] : ['a process that the program left behind was still recorded: it is not told of to its end']),
    ];
    return { collector: 'heaptrack', format: 'heaptrack', files: [file], exit, stopped, duration, notes, dispose };
  } catch (error) {
    pipeline?.kill();
    await dispose();
    throw error;
  }
}

/** Recordings are texts that repeat themselves: a thousandth is left of them. */
function compressor(): { readonly words: readonly string[]; readonly extension: string } | undefined {
  const zstd = findTool('zstd');
  if (zstd !== undefined) return { words: [zstd, '-q', '-c'], extension: '.zst' };
  const gzip = findTool('gzip');
  return gzip === undefined ? undefined : { words: [gzip, '-c'], extension: '.gz' };
}

/**
 * The interpreter counts what it was told, and says so in the end.
 * @throws {UserError} 125: it was told nothing
 */
function checkSeen(log: string, program: string, kind: ProgramKind): void {
  const count = /^\s*allocations:\s+(\d+)/m.exec(log)?.[1];
  if (count !== undefined && count !== '0') return;
  if (count === '0') {
    const why = kind === 'script' ? 'it starts other programs, which are not followed' : 'it changes its user';
    throw new UserError(`heaptrack does not see what ${program} allocates: ${why}`, {
      hint: kind === 'script' ? `give the program itself; ${MASSIF_SEES}` : MASSIF_SEES,
      exitCode: EXIT.cannotCollect,
    });
  }
  const complaint = log.split('\n').find((line) => line.trim() !== '') ?? 'it said nothing';
  throw new UserError(`heaptrack left no recording: ${complaint.trim()}`, { exitCode: EXIT.cannotCollect });
}
