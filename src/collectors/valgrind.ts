import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { findTool, resolveProgram } from '../processes/executables.ts';
import type { ProgramStreams } from '../processes/measured-target.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { executableOf } from '../processes/proc.ts';
import { supervise } from '../processes/supervise.ts';
import { startTarget, type TargetExit } from '../processes/target.ts';
import type { CollectOptions } from './collector.ts';

const REMEDY = 'apt-get install valgrind';
/** Programs are many times slower, and the recording is written when they end. */
const PATIENCE_SECONDS = 120;

/** One tool of valgrind, and what it is told. */
export interface ValgrindCall {
  /** `massif`, `callgrind`, `dhat`. */
  readonly tool: string;
  /** The option that names the tool's recording: `--massif-out-file`. */
  readonly outFile: string;
  readonly args: readonly string[];
  /** Also record programs that the program starts. */
  readonly followChildren: boolean;
}

export interface ValgrindOptions extends Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say'> {
  /** Called a few times a second. @param log the file that valgrind writes of the program itself */
  readonly tick: (elapsedSeconds: number, log: string) => void;
  /** The program's standard streams. Default: ours */
  readonly streams?: ProgramStreams;
}

/** What a run left in a private folder. */
export interface ValgrindRun {
  /** Recordings, that of the program itself first; then by process. Absolute paths. */
  readonly files: readonly string[];
  readonly exit: TargetExit;
  /** True when the person (Ctrl-C, SIGTERM) or `durationSeconds` ended the program. */
  readonly stopped: boolean;
  /** Nanoseconds of wall time. */
  readonly duration: number;
  readonly notes: readonly string[];
  dispose(): Promise<void>;
}

/**
 * Runs a program under a tool of valgrind. It is the program's own process: exit code, signals, standard streams are the
 * program's; what valgrind says goes to a log.
 * @throws {UserError} 125: valgrind is missing or left no recording; 126/127: the program cannot be run; 130: given up
 */
export async function runValgrind(
  program: readonly string[],
  call: ValgrindCall,
  options: ValgrindOptions,
): Promise<ValgrindRun> {
  const path = findTool('valgrind');
  if (path === undefined) {
    throw new UserError('valgrind is not installed', { hint: REMEDY, exitCode: EXIT.cannotCollect });
  }
  const found = resolveProgram(program[0] ?? '');
  const dir = await makePrivateDir();
  const dispose = (): Promise<void> => removePrivateDir(dir);
  try {
    // `%` starts a variable in valgrind's file names
    const named = (extension: string): string => `${dir.replaceAll('%', '%%')}/%p.${extension}`;
    const words = [
      ...[path, `--tool=${call.tool}`, '--vgdb=no', `--trace-children=${call.followChildren ? 'yes' : 'no'}`],
      ...[`--log-file=${named('log')}`, `${call.outFile}=${named('out')}`],
      ...call.args,
      ...['--', program[0]!.startsWith('-') ? found : program[0]!, ...program.slice(1)],
    ];
    const target = await startTarget(words, {
      env: process.env,
      stopped: false,
      ...(options.streams === undefined ? {} : { streams: [...options.streams] }),
    });
    const log = join(dir, `${target.pid}.log`);
    const watch = new OwnProcess(target.pid, call, options.say);
    const { exit, stopped, duration } = await supervise(target, {
      durationSeconds: options.durationSeconds,
      attend: options.attend,
      killAfterSeconds: PATIENCE_SECONDS,
      say: options.say,
      tick: (elapsed) => {
        watch.look();
        options.tick(elapsed, log);
      },
    });
    const own = join(dir, `${target.pid}.out`);
    const files = recordingsIn(dir, own);
    if (files.length === 0) throw nothingLeft(call, exit, log, watch.became);
    const notes = existsSync(own)
      ? []
      : [`${call.tool} left no recording of the program itself: ${whyNothing(exit, watch.became)}`];
    return { files, exit, stopped, duration, notes, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function recordingsIn(dir: string, own: string): string[] {
  const all = readdirSync(dir)
    .filter((name) => name.endsWith('.out'))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => join(dir, name));
  return all.includes(own) ? [own, ...all.filter((file) => file !== own)] : all;
}

/** Sees when the program becomes another one (exec), which valgrind does not follow unless it is told to. */
class OwnProcess {
  /** The file that it runs now, outside of valgrind. */
  became: string | undefined;
  private readonly pid: number;
  private readonly call: ValgrindCall;
  private readonly say: (line: string) => void;
  private started = false;

  constructor(pid: number, call: ValgrindCall, say: (line: string) => void) {
    this.pid = pid;
    this.call = call;
    this.say = say;
  }

  look(): void {
    if (this.call.followChildren || this.became !== undefined) return;
    const file = executableOf(this.pid);
    if (file === undefined) return;
    // `/usr/libexec/valgrind/massif-amd64-linux`
    if (/\/(?:valgrind|massif|callgrind|dhat)[^/]*$/.test(file)) this.started = true;
    else if (this.started) {
      this.became = file;
      this.say(`the program became another one, which is not recorded: ${file} (--trace-children follows it)`);
    }
  }
}

function nothingLeft(
  { tool, followChildren }: ValgrindCall,
  exit: TargetExit,
  log: string,
  became: string | undefined,
): UserError {
  // A program that ends by itself is recorded unless it was no longer valgrind's: it may have been too short to be seen
  const hint =
    became === undefined
      ? (complaintIn(log) ??
        (exit.signal === undefined && !followChildren
          ? 'did it become another one (exec)? --trace-children follows it'
          : 'valgrind writes when the program ends: let it end, or stop it with Ctrl-C'))
      : 'give --trace-children, or the program itself';
  return new UserError(`${tool} left no recording: ${whyNothing(exit, became)}`, {
    hint,
    exitCode: EXIT.cannotCollect,
  });
}

function whyNothing({ code, signal }: TargetExit, became: string | undefined): string {
  if (became !== undefined) return `the program became another one, ${became}`;
  if (signal === 'SIGKILL') return 'SIGKILL (out of memory?) left valgrind no time to write it';
  if (signal !== undefined) return `it was ended by ${signal}`;
  return `it ended with exit code ${code}`;
}

/** The first line of valgrind's log that is a complaint; lines that start with `--` are for its developers. */
function complaintIn(log: string): string | undefined {
  if (!existsSync(log)) return undefined;
  const lines = readFileSync(log, 'utf8').split('\n');
  const complaint = lines.find((line) =>
    /^(?:==\d+== |valgrind: ).*\b(?:error|fatal|cannot|can't|failed)\b/i.test(line),
  );
  return complaint?.replace(/^(?:==\d+==|valgrind:)\s*/, '');
}
