import { existsSync } from 'node:fs';
import { EXIT, UserError } from '../errors.ts';
import { programKind, resolveProgram } from '../processes/executables.ts';
import { executableOf } from '../processes/proc.ts';
import { callgrind } from './callgrind.ts';
import { clinic } from './clinic.ts';
import type { Artefact, CollectOptions, Collector, Subject } from './collector.ts';
import { PerfUnavailable } from './perf-errors.ts';
import { perfRecord } from './perf-record.ts';
import { v8Cpu } from './v8-cpu.ts';
import { zeroX } from './zero-x.ts';

/** Every collector of CPU samples, in the order of preference; `auto` takes none that is optional. */
export const collectors: readonly Collector[] = [perfRecord, v8Cpu, zeroX, clinic, callgrind];

/** What `--collector` takes. */
export const collectorChoices: readonly string[] = ['auto', ...collectors.map(({ id }) => id)];

/**
 * Records with the chosen collector; `auto` takes perf where it works (installed and permitted), else V8's profiler
 * for node programs. perf attaches before the program begins, so a refusal never runs the program twice.
 * @throws {UserError} 125 with the command that mends it, 126/127, 130
 */
export async function collect(choice: string, subject: Subject, options: CollectOptions): Promise<Artefact> {
  if (choice !== 'auto') {
    const collector = collectors.find(({ id }) => id === choice)!;
    if (options.offCpu && collector !== perfRecord) {
      throw new UserError(`${collector.title} does not see threads wait`, {
        hint: `leave --collector ${choice} out: perf does`,
      });
    }
    return collector.collect(subject, options);
  }
  try {
    const artefact = await perfRecord.collect(subject, options);
    return 'pid' in subject && lacksNames(subject.pid) ? withNote(artefact, NO_NAMES) : artefact;
  } catch (error) {
    if (!(error instanceof PerfUnavailable)) throw error;
    if (options.offCpu || options.event !== undefined) throw error;
    if (!startsNode(subject)) {
      throw new UserError(error.message, {
        hint: `${error.hint}${'program' in subject ? '; without perf node programs can be recorded, others with --collector callgrind (slowly)' : ''}`,
        exitCode: EXIT.cannotCollect,
        cause: error,
      });
    }
    const how = 'pid' in subject ? ', attached to by its inspector' : '';
    options.say(`${error.message} (${error.hint}): recording with V8's profiler${how}, JavaScript frames only`);
    return v8Cpu.collect(subject, options);
  }
}

const NO_NAMES =
  "the process runs node without --perf-basic-prof, so JavaScript has no names: --collector v8 knows them, by the process's inspector";

/** Node writes names for perf only when it was started so. */
function lacksNames(pid: number): boolean {
  return startsNode({ pid }) && !existsSync(`/tmp/perf-${pid}.map`);
}

function withNote(artefact: Artefact, note: string): Artefact {
  return { ...artefact, notes: [...artefact.notes, note] };
}

function startsNode(subject: Subject): boolean {
  const path = 'pid' in subject ? executableOf(subject.pid) : resolveProgram(subject.program[0] ?? '');
  const kind = path === undefined ? 'native' : programKind(path);
  return kind === 'node' || kind === 'node-script';
}
