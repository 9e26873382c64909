import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackgroundTool, startBackgroundTool } from '../processes/background-tool.ts';
import { runTool } from '../processes/run-tool.ts';
import { explainPerf, PerfUnavailable } from './perf-errors.ts';

/** How long perf may take to attach, and to finish its file. */
const ATTACH_MS = 15_000;
const FINISH_MS = 60_000;
/** How long it may take to answer when it is recording. */
const FLUSH_MS = 500;

/** perf's own start-up and shutdown, cut from about 1 s to milliseconds: no BPF side-band thread, no copied binaries. */
const FAST = ['--no-bpf-event', '--no-buildid-cache', '--buildid-all', '-k', 'mono'];

/** A perf that is recording. */
export interface PerfProcess {
  /** Ends the recording and waits until the file is complete. */
  stop(): Promise<void>;
  /**
   * Has perf write down what it holds in memory.
   * @param recording its file
   * @returns how many bytes of the file are records for sure; 0 where perf does not answer
   */
  flush(recording: string): Promise<number>;
  /** What perf has printed so far. */
  stderr(): string;
}

/**
 * Starts `perf record` on a running (or stopped) process and returns when it is recording: perf answers a `ping` on its
 * control channel only from its main loop, after the events are enabled (perf-record(1), --control; perf 5.12).
 * @param folder private; gets perf's messages
 * @throws {PerfUnavailable} perf could not attach
 */
export async function attachPerf(
  path: string,
  args: readonly string[],
  pid: number,
  folder: string,
): Promise<PerfProcess> {
  const words = ['record', ...args, ...FAST, '--control', 'fd:3,4', '-p', String(pid)];
  const tool = startBackgroundTool(path, words, join(folder, 'perf.stderr'));
  if (!(await answersPing(tool, ATTACH_MS))) {
    await tool.stop(FINISH_MS);
    const printed = await fullReason(path, tool.printed());
    throw printed.trim() === '' ? new PerfUnavailable('it did not answer', 'try again') : explainPerf(printed);
  }
  return {
    stop: () => tool.stop(FINISH_MS),
    async flush(recording) {
      // Whatever wakes perf's main loop makes it empty its buffers; what is asked after that it hears when it has
      const written = (await answersPing(tool, FLUSH_MS)) && (await answersPing(tool, FLUSH_MS));
      if (!written) return 0;
      const { size } = await stat(recording);
      // Had it been at its end, where it writes other things behind the records, it would answer no more
      return (await answersPing(tool, FLUSH_MS)) ? size : 0;
    },
    stderr: tool.printed,
  };
}

/**
 * Before it attaches perf opens an event only to learn whether the kernel tells switches, and takes any refusal for a no:
 * the refusal itself is what a person can mend.
 */
async function fullReason(path: string, printed: string): Promise<string> {
  if (!/not support recording context switch events/.test(printed)) return printed;
  const { code, stderr } = await runTool(path, ['record', '-o', '/dev/null', '-e', 'context-switches:k', '--', 'true']);
  return code === 0 ? printed : stderr;
}

async function answersPing({ control, answers, ended }: BackgroundTool, limitMs: number): Promise<boolean> {
  const answered = new Promise<boolean>((done) => answers.once('data', () => done(true)));
  control.write('ping\n');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), limitMs);
  });
  const result = await Promise.race([answered, ended.then(() => false), late]);
  clearTimeout(timer);
  return result;
}
