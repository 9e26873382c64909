import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { programKind, resolveProgram } from '../processes/executables.ts';
import { findLibrary } from '../processes/libraries.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { formatValue } from '../profile/units.ts';
import type { Artefact, CollectOptions, Detection } from './collector.ts';
import { runPreloaded } from './preloaded.ts';
import { nodeNotes, refuseStatic } from './unseen-allocations.ts';

const LIBRARY = 'libjemalloc.so.2';
const REMEDY = 'apt-get install libjemalloc2';

/** Bytes between two samples are 2^19, jemalloc's own default; a dump is written after each 2^26 allocated bytes. */
const SAMPLE_BITS = 19;
const DUMP_BITS = 26;
/** As many dumps are kept of a process at most; then every other one is. */
const MOST_DUMPS = 80;

/** Whether jemalloc can be put under programs here. */
export function detectJemalloc(): Detection {
  const path = findLibrary(LIBRARY);
  return path === undefined
    ? { ok: false, why: 'not installed', remedy: REMEDY }
    : { ok: true, version: LIBRARY.replace(/^.*\.so\./, ''), path };
}

/** A look of jemalloc at the heap of a process. */
export interface JemallocDump {
  readonly file: string;
  readonly pid: number;
  /** Milliseconds since the program began. */
  readonly time: number;
  /** Written when the process ended: nothing is missing. */
  readonly last: boolean;
}

export interface JemallocRun extends Artefact {
  /** In the order of time. */
  readonly dumps: readonly JemallocDump[];
}

/**
 * Runs a program with jemalloc in the place of its allocator, which samples what is allocated at nearly no cost.
 * @throws {UserError} 125 without jemalloc or a dump, 126/127 when the program cannot be run, 130 on give-up
 */
export async function collectJemalloc(
  program: readonly string[],
  options: Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say' | 'progress'>,
): Promise<JemallocRun> {
  const library = findLibrary(LIBRARY);
  if (library === undefined) {
    throw new UserError('jemalloc is not installed', { hint: REMEDY, exitCode: EXIT.cannotCollect });
  }
  const path = resolveProgram(program[0] ?? '');
  refuseStatic(path, 'jemalloc', program[0]!);
  const dir = await makePrivateDir();
  const dispose = (): Promise<void> => removePrivateDir(dir);
  try {
    const started = Date.now();
    const preload = {
      library,
      variables: { MALLOC_CONF: configuration(join(dir, 'je')) },
      doing: 'jemalloc',
      tick: () => thinOut(dir),
    };
    const { exit, stopped, duration } = await runPreloaded(program, path, preload, options);
    const dumps = dumpsIn(dir, started);
    if (dumps.length === 0) throw nothingLeft(program[0]!, stopped || exit.signal !== undefined);
    return {
      collector: 'jemalloc',
      format: 'pprof-legacy',
      files: dumps.map(({ file }) => file),
      dumps,
      exit,
      stopped,
      duration,
      notes: nodeNotes(programKind(path), 'jemalloc'),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/**
 * What a person must know of samples and of when they were taken.
 * @param dumps of one process, at least one
 */
export function limitsOf(dumps: readonly JemallocDump[]): string[] {
  const last = dumps.at(-1)!;
  return [
    `jemalloc samples one allocation in ${formatValue(2 ** SAMPLE_BITS, 'bytes')}: numbers are estimates`,
    ...(dumps.length === 1 && last.last
      ? ['it looked once, at the end: how large the heap was before that is not known']
      : []),
    ...(last.last
      ? []
      : [
          `jemalloc last looked after ${formatValue(last.time * 1e6, 'nanoseconds')}: it writes at the end of a program only where that ends by itself`,
        ]),
  ];
}

/** jemalloc(3), TUNING. `prof_accum`: what was freed counts too. */
function configuration(prefix: string): string {
  const own = process.env.MALLOC_CONF ?? '';
  const wanted = [
    ...['prof:true', 'prof_final:true', 'prof_accum:true'],
    ...[`lg_prof_sample:${SAMPLE_BITS}`, `lg_prof_interval:${DUMP_BITS}`, `prof_prefix:${prefix}`],
  ];
  return [...(own === '' ? [] : [own]), ...wanted].join(',');
}

/** `je.4711.12.i12.heap`, the last one `je.4711.13.f.heap`. */
const DUMP = /^je\.(\d+)\.(\d+)\.([a-z])\d*\.heap$/;

interface Found {
  readonly name: string;
  readonly pid: number;
  readonly number: number;
  readonly last: boolean;
}

function found(dir: string): Found[] {
  return readdirSync(dir)
    .flatMap((name) => {
      const [, pid, number, kind] = DUMP.exec(name) ?? [];
      return pid === undefined ? [] : [{ name, pid: Number(pid), number: Number(number), last: kind === 'f' }];
    })
    .sort((a, b) => a.pid - b.pid || a.number - b.number);
}

/** A busy program writes some every second: of each process as many are left as a picture can show. */
function thinOut(dir: string): void {
  const byProcess = new Map<number, Found[]>();
  for (const dump of found(dir)) byProcess.set(dump.pid, [...(byProcess.get(dump.pid) ?? []), dump]);
  for (const dumps of byProcess.values()) {
    if (dumps.length < MOST_DUMPS) continue;
    for (const [i, { name }] of dumps.entries()) {
      if (i % 2 === 1 && i < dumps.length - 1) rmSync(join(dir, name), { force: true });
    }
  }
}

function dumpsIn(dir: string, started: number): JemallocDump[] {
  return found(dir).map(({ name, pid, last }) => {
    const file = join(dir, name);
    return { file, pid, last, time: Math.max(0, Math.round(statSync(file).mtimeMs - started)) };
  });
}

function nothingLeft(program: string, ended: boolean): UserError {
  const why = ended
    ? `it was ended by a signal before it had allocated ${formatValue(2 ** DUMP_BITS, 'bytes')}, and jemalloc writes when a program ends by itself`
    : 'it changes its user, or this jemalloc is built without profiling';
  return new UserError(`jemalloc left nothing of ${program}: ${why}`, {
    hint: ended
      ? '--tool heaptrack or massif sees it, of flame --collector'
      : '--tool massif sees it, of flame --collector massif',
    exitCode: EXIT.cannotCollect,
  });
}
