import { accessSync, constants, existsSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { findTool, type ProgramKind, programKind, resolveProgram } from '../processes/executables.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { isAlive, readProcess, sendSignal } from '../processes/proc.ts';
import { runTool } from '../processes/run-tool.ts';
import { type Supervised, supervise, watchProcess } from '../processes/supervise.ts';
import { startTarget } from '../processes/target.ts';
import { hasFramePointers } from '../symbols/frame-pointers.ts';
import type { Artefact, CollectOptions, Collector, Detection, Running, Subject } from './collector.ts';
import { hasHardwareCounters } from './hardware-counters.ts';
import { followJitMaps, type JitTail } from './jit-tail.ts';
import { PerfUnavailable, perfMissing } from './perf-errors.ts';
import { attachPerf, type PerfProcess } from './perf-process.ts';
import { aboutEvent, sampledEvent } from './sampled-event.ts';

/**
 * Interpreted functions get stack frames of their own, and V8 names its code in /tmp/perf-PID.map: all of it, that of
 * regular expressions too, which what we put into NODE_OPTIONS would leave out.
 */
const NODE_FLAGS = ['--interpreted-frames-native-stack', '--perf-basic-prof', '--no-perf-basic-prof-only-functions'];

/**
 * For the node programs that the program starts. Plain `--perf-basic-prof` makes V8 write an isolate-*.log into the
 * current folder, or to standard output where it cannot; only argv may send that elsewhere (`--logfile`).
 */
const NODE_OPTIONS_FLAGS = ['--interpreted-frames-native-stack', '--perf-basic-prof-only-functions'];

/** cargo flamegraph's 64 kB lost 28 % of the samples and wrote 60 MB/s; 16 kB holds nearly every stack. */
const DWARF_STACK_BYTES = 16_384;
/** libuv keeps 12 KiB of events on the stack where node waits. */
const EVENT_LOOP_STACK_BYTES = 32_768;

/** The recording in its private folder, and beside it the dated names of just-in-time code (see followJitMaps). */
const RECORDING = 'perf.data';
const SIDECAR = `${RECORDING}.jit`;

/**
 * Linux perf. The program is created stopped, perf attaches to it, then it runs: so the program is our child (exact
 * exit status, its own terminal), perf sits in a session of its own where no Ctrl-C reaches it, and when perf cannot
 * attach nothing has run yet.
 */
export const perfRecord: Collector = {
  id: 'perf',
  title: 'Linux perf',
  detect: detectPerf,
  collect,
};

async function detectPerf(): Promise<Detection> {
  const path = findTool('perf');
  if (path === undefined) return perfMissing();
  const result = await runTool(path, ['--version']);
  const version = /perf version (\S+)/.exec(result.stdout)?.[1];
  if (result.code !== 0 || version === undefined) {
    return { ok: false, why: `${path} does not work on this kernel`, remedy: perfMissing().remedy };
  }
  return { ok: true, version, path };
}

async function collect(subject: Subject, options: CollectOptions): Promise<Artefact> {
  const path = findTool('perf');
  if (path === undefined) throw new PerfUnavailable('it is not installed', perfMissing().remedy);
  const plan = planOf(subject);
  const notes: string[] = [];
  const callGraph = options.callGraph ?? plan.callGraph;
  const { event, period } = sampledEvent(options.event ?? defaultEvent(options, notes), callGraph === 'dwarf');
  const folder = await makePrivateDir();
  const file = join(folder, RECORDING);
  const started = Date.now();
  try {
    const args = [
      ...['-o', file, '-e', event, '--call-graph', callGraphOption(callGraph)],
      ...(period === undefined ? ['-F', String(options.frequency)] : ['-c', String(period)]),
      ...(options.offCpu ? offCpuArgs(options.callGraph, plan.kind) : []),
    ];
    const run = await record(subject, plan, path, args, folder, options);
    await checkRecording(file, run.perf.stderr());
    notes.push(...run.names.problems);
    return {
      collector: perfRecord.id,
      format: 'perf-data',
      files: [file],
      exit: run.exit,
      launcherPid: run.launcherPid,
      stopped: run.stopped,
      recorded: run.recorded,
      ...(period === undefined ? {} : { everyEvent: event }),
      duration: run.duration,
      notes,
      async dispose(pids = new Set()) {
        removePerfMaps(new Set([...pids, ...run.names.mapped]), started);
        await removePrivateDir(folder);
      },
    };
  } catch (error) {
    await removePrivateDir(folder);
    throw aboutEvent(options.event, error);
  }
}

interface Plan {
  readonly callGraph: 'fp' | 'dwarf';
  readonly kind: ProgramKind;
}

/** Frame pointers for node, other just-in-time compilers and scripts; dwarf for native programs built without them. */
function planOf(subject: Subject): Plan {
  const path = 'pid' in subject ? executableOf(subject.pid) : resolveProgram(subject.program[0] ?? '');
  const kind = programKind(path);
  const dwarf = kind === 'native' && hasFramePointers(path) === false;
  return { callGraph: dwarf ? 'dwarf' : 'fp', kind };
}

function executableOf(pid: number): string {
  if (!isAlive(pid)) throw new UserError(`there is no process ${pid}`, { hint: 'check the id given to --pid' });
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    throw new UserError(`process ${pid} may not be looked at`, {
      hint: 'it belongs to another user, or to the kernel: run as its owner or as root',
      exitCode: EXIT.cannotCollect,
    });
  }
}

function callGraphOption(kind: 'fp' | 'dwarf' | 'lbr'): string {
  return kind === 'dwarf' ? `dwarf,${DWARF_STACK_BYTES}` : kind;
}

/**
 * Every time that a thread leaves the CPU with its stack, and when it comes back. Threads wait in the C library, which
 * uses the frame pointer for other things on most systems, so the stack is copied. `k`: the kernel does the switch and
 * must be allowed to be looked at; without the letter perf would quietly leave that out and find nothing.
 */
function offCpuArgs(callGraph: CollectOptions['callGraph'], kind: ProgramKind): string[] {
  const bytes = kind === 'native' ? DWARF_STACK_BYTES : EVENT_LOOP_STACK_BYTES;
  const stacks = callGraph === 'fp' ? 'fp' : `dwarf,stack-size=${bytes}`;
  return ['-e', `context-switches/period=1,call-graph=${stacks}/k`, '--switch-events'];
}

function defaultEvent(options: CollectOptions, notes: string[]): string {
  // Waits are nanoseconds: time on the CPU can only be added to them if it is too
  if (options.offCpu) return 'cpu-clock';
  if (hasHardwareCounters()) return 'cycles';
  const line = 'no hardware counters here (a virtual machine?): sampling cpu-clock instead of cycles';
  options.say(line);
  notes.push(line);
  return 'cpu-clock';
}

interface Run extends Omit<Supervised, 'exit'> {
  readonly exit: Supervised['exit'] | undefined;
  readonly launcherPid: number | undefined;
  readonly perf: PerfProcess;
  readonly recorded: NonNullable<Artefact['recorded']>;
  /** What is missing of the names of just-in-time code. */
  readonly names: JitTail;
}

async function record(
  subject: Subject,
  plan: Plan,
  path: string,
  args: readonly string[],
  folder: string,
  options: CollectOptions,
): Promise<Run> {
  const tickFor =
    (names: JitTail) =>
    (elapsed: number): void =>
      options.progress(elapsed, `about ${Math.round(cpuSeconds(names.living) * options.frequency)} samples`);
  if ('pid' in subject) {
    const perf = await attachPerf(path, args, subject.pid, folder);
    const from = monotonic();
    const names = followJitMaps(subject.pid, join(folder, SIDECAR));
    options.started?.(running(perf, names, folder));
    try {
      const duration = await watchProcess(subject.pid, { ...options, tick: tickFor(names) });
      return {
        exit: undefined,
        launcherPid: undefined,
        stopped: true,
        duration,
        perf,
        names,
        recorded: { from, to: monotonic() },
      };
    } finally {
      await perf.stop();
      names.stop();
    }
  }
  const command = prepareNode(subject.program, plan.kind, folder, options.say);
  const started = Date.now();
  const target = await startTarget(command.program, { env: command.env, stopped: true });
  const names = followJitMaps(target.pid, join(folder, SIDECAR));
  let perf: PerfProcess | undefined;
  try {
    perf = await attachPerf(path, args, target.pid, folder);
    target.resume();
    options.started?.({ ...running(perf, names, folder), ended: target.exited });
    const run = await supervise(target, { ...options, tick: tickFor(names) }).catch((error: unknown) => {
      removePerfMaps(new Set([target.pid]), started);
      throw error;
    });
    return { ...run, launcherPid: target.pid, perf, names, recorded: { to: monotonic() } };
  } finally {
    if (perf === undefined) sendSignal(target.pid, 'SIGKILL');
    await perf?.stop();
    names.stop();
  }
}

function running(perf: PerfProcess, names: JitTail, folder: string): Running {
  const recording = join(folder, RECORDING);
  return {
    recording,
    async flush() {
      const size = await perf.flush(recording);
      // After that: a sample's code is named by what had been compiled when it was taken
      names.sync();
      return size;
    },
  };
}

/** The clock by which perf dates its records (`-k mono`). */
function monotonic(): number {
  return Number(process.hrtime.bigint());
}

/** Node's own functions get names: by argv for the program itself, by NODE_OPTIONS for the node programs it starts. */
function prepareNode(
  program: readonly string[],
  kind: ProgramKind,
  folder: string,
  say: (line: string) => void,
): { program: readonly string[]; env: NodeJS.ProcessEnv } {
  if (kind === 'native') return { program, env: process.env };
  try {
    // V8 aborts the whole program when it cannot create its map there.
    accessSync('/tmp', constants.W_OK);
  } catch {
    if (kind !== 'script') say('/tmp cannot be written: JavaScript functions will have no names');
    return { program, env: process.env };
  }
  const env = {
    ...process.env,
    NODE_OPTIONS: [process.env.NODE_OPTIONS, ...NODE_OPTIONS_FLAGS].filter(Boolean).join(' '),
  };
  if (kind !== 'node') return { program, env };
  return { program: [program[0]!, ...NODE_FLAGS, `--logfile=${join(folder, 'v8.log')}`, ...program.slice(1)], env };
}

/** perf keeps samples in memory until its buffers are half full: CPU time tells better than the file's size. */
function cpuSeconds(pids: Iterable<number>): number {
  let sum = 0;
  for (const pid of pids) sum += readProcess(pid)?.cpuSeconds ?? 0;
  return sum;
}

const MAGIC = Buffer.from('PERFILE2');

/**
 * perf's exit code proves nothing: a killed perf leaves a header whose data size (8 bytes at offset 48) is still 0, a
 * program that removed its folder leaves no file at all.
 * @throws {UserError} 125
 */
async function checkRecording(file: string, stderr: string): Promise<void> {
  const fail = (what: string): UserError =>
    new UserError(`the recording failed: ${what}`, {
      hint: stderr.trim().split('\n').at(-1) || 'try again; pforge-prof doctor tells what works here',
      exitCode: EXIT.cannotCollect,
    });
  if (!existsSync(file)) throw fail('perf left no file');
  const handle = await open(file, 'r');
  try {
    const header = Buffer.alloc(104);
    const { bytesRead } = await handle.read(header, 0, header.length, 0);
    if (bytesRead < header.length || !header.subarray(0, 8).equals(MAGIC)) throw fail('perf left an incomplete file');
    if (header.readBigUInt64LE(48) === 0n && /\S/.test(stderr)) throw fail('perf was cut off and left an empty file');
  } finally {
    await handle.close();
  }
}

/** V8 leaves a map a process behind in /tmp: those of the recorded processes, written since we began, go. */
function removePerfMaps(pids: ReadonlySet<number>, since: number): void {
  for (const pid of pids) {
    const file = `/tmp/perf-${pid}.map`;
    try {
      const state = statSync(file);
      const ours = state.isFile() && state.uid === process.getuid?.() && state.mtimeMs >= since;
      if (ours && !isAlive(pid)) rmSync(file);
    } catch {
      // There was no map: the process ran no node.
    }
  }
}
