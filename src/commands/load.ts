import { EXIT, UserError } from '../errors.ts';
import { runLoad } from '../load/engine.ts';
import { type LoadPlan, type LoadTarget, parseTarget, targetUrl } from '../load/plan.ts';
import { failedRequests, type LoadResult } from '../load/result.ts';
import { withServer } from '../load/server.ts';
import { ServerWatch } from '../load/server-watch.ts';
import { attempts, judge } from '../load/thresholds.ts';
import { type Output, openOutput } from '../output.ts';
import { onInterrupts } from '../processes/interrupts.ts';
import { exitCodeOf } from '../processes/target.ts';
import type { LoadReport, ServerSide } from '../render/load/load-report.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';
import type { Call, Command } from './command.ts';
import { configureLoad, LOAD_FORMATS, type LoadCommandOptions } from './load-command-options.ts';
import { planOf } from './load-options.ts';
import { progressLine } from './load-progress.ts';
import { drawLoad } from './load-views.ts';
import { formatOfName } from './result-format.ts';

/** HTTP load with latencies that can be believed. */
export const load: Command = {
  configure: configureLoad,

  async run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as LoadCommandOptions;
    const { world, shared, program } = call;
    if (program?.length === 0) throw new UserError('no program follows --', { hint: 'load /path -- node server.js' });
    const [text, ...more] = inputs;
    if (text === undefined) {
      throw new UserError('nothing to load', { hint: 'give a URL: pforge-prof load http://127.0.0.1:8080/' });
    }
    if (more.length > 0) throw new UserError(`one target at a time, not also ${more.join(' ')}`);
    const target = parseTarget(text, program !== undefined);
    const plan = await planOf(options);
    const format = options.format ?? formatOfName(options.output, LOAD_FORMATS) ?? (shared.json ? 'json' : 'text');
    const output = openOutput(options.output ?? '-', world);
    const progress = startProgress(world, shared.quiet);
    try {
      const measured =
        program === undefined
          ? { ...(await loadRunning(target, plan, progress)), exitCode: EXIT.ok, server: undefined }
          : await loadProgram(program, target, plan, options, progress);
      progress.end();
      const { result, server } = measured;
      const verdicts = (options.assert ?? []).map((threshold) => judge(result, threshold));
      const notes = [...measured.notes, ...notesOn(result)];
      const report: LoadReport = { result, server, verdicts, notes };
      await write(call, report, format, output, options, progress);
      for (const note of notes) progress.say(`note: ${note}`);
      if (measured.exitCode !== EXIT.ok) return measured.exitCode;
      return exitCode(report, progress);
    } finally {
      progress.end();
    }
  },
};

interface Measured {
  readonly result: LoadResult;
  readonly notes: readonly string[];
}

/** Loads what runs already; the first Ctrl-C ends the load, the second within it gives up. */
async function loadRunning(target: LoadTarget, plan: Omit<LoadPlan, 'url'>, progress: Progress): Promise<Measured> {
  const stopping = new AbortController();
  const release = onInterrupts(({ signal, count }) => {
    if (count > 1) process.exit(EXIT.interrupted);
    progress.say(`${signal}: stopping; what was measured is kept`);
    stopping.abort();
  });
  try {
    const url = targetUrl(target, target.port!);
    const result = await runLoad(
      { ...plan, url },
      { signal: stopping.signal, onProgress: (now) => progress.show(progressLine(now, plan)) },
    );
    return { result, notes: [] };
  } finally {
    release();
  }
}

/** Starts the server, loads it, ends it. */
async function loadProgram(
  program: readonly string[],
  target: LoadTarget,
  plan: Omit<LoadPlan, 'url'>,
  { readyText, readyUrl, readyTimeout, grace }: LoadCommandOptions,
  progress: Progress,
): Promise<Measured & { readonly server: ServerSide; readonly exitCode: number }> {
  const watch = await ServerWatch.open();
  let result: LoadResult | undefined;
  let server: ServerSide | undefined;
  const notes: string[] = [];
  try {
    const run = await withServer(
      {
        program,
        readiness: {
          target,
          ...(readyUrl === undefined ? {} : { url: readyUrl }),
          ...(readyTimeout === undefined ? {} : { patience: readyTimeout }),
        },
        ...(readyText === undefined ? {} : { readyText }),
        ...(grace === undefined ? {} : { grace }),
        env: watch.environment(process.env),
        say: progress.say,
      },
      async (ready, signal) => {
        notes.push(...ready.notes);
        progress.say(`loading ${ready.url.href}`);
        result = await runLoad(
          { ...plan, url: ready.url },
          {
            signal,
            onProgress: (now) => progress.show(progressLine(now, plan)),
            onCounting: () => watch.begin(ready.pid),
          },
        );
        server = { pid: ready.pid, program, ...watch.end() };
      },
    );
    const died = !run.stopped;
    if (died) notes.push(`the server ended by itself during the load (${exitWords(run.exit)})`);
    return {
      result: result!,
      server: server!,
      notes,
      exitCode: died ? exitCodeOf(run.exit) || EXIT.cannotCollect : EXIT.ok,
    };
  } finally {
    await watch.dispose();
  }
}

function exitWords({ code, signal }: Parameters<typeof exitCodeOf>[0]): string {
  return signal === undefined ? `exit code ${code}` : signal;
}

async function write(
  { shared, world }: Call,
  report: LoadReport,
  format: string,
  output: Output,
  { latency }: LoadCommandOptions,
  progress: Progress,
): Promise<void> {
  const size = await output.write(drawLoad(format, report, latency === true));
  if (output.isStdout) return;
  progress.say(`wrote ${output.name} (${Math.ceil(size / 1024)} KiB)`);
  // The file has the picture, the person the figures
  const own = shared.json ? 'json' : 'text';
  if (!shared.quiet || shared.json) await openOutput('-', world).write(drawLoad(own, report, latency === true));
}

/** A p99 that is this many times smaller than the largest latency, and one this large, hide a stall: microseconds. */
const STALL = { times: 10, least: 100_000 };

/** What the person should know beside the figures. */
function notesOn(result: LoadResult): string[] {
  const { latency, rate, silent, unsent, unanswered, events, seconds, threads = 1, cpuSeconds = 0 } = result;
  const notes = [...result.notes];
  const p99 = latency.histogram?.percentile(99) ?? 0;
  const max = latency.max ?? 0;
  if (rate === undefined && max > STALL.least && max > p99 * STALL.times && events === undefined) {
    notes.push(
      `the slowest answer took ${(max / 1000).toFixed(0)} ms and p99 is ${(p99 / 1000).toFixed(1)} ms: while the server stalls, a closed model sends nothing and so counts next to nothing; --rate (-R) measures from when requests were due`,
    );
  }
  if (unsent > 0) notes.push(`the server cannot keep up with ${rate} requests/s: ${unsent} requests were never sent`);
  const late = result.lateness?.histogram?.percentile(99) ?? 0;
  if (late > 5_000) {
    notes.push(
      `the generator itself was late (p99 ${(late / 1000).toFixed(1)} ms): use more --threads, or a machine with idle CPUs`,
    );
  } else if (rate === undefined && seconds > 0 && cpuSeconds / seconds > threads * 0.9) {
    notes.push(
      'the generator was at work all the time: the figures may be its limit, not the server’s; use more --threads',
    );
  }
  if (silent !== undefined) notes.push(`the server could not be reached any more for the last ${silent.toFixed(1)} s`);
  if (unanswered > 0 && result.requests === 0) notes.push('the server takes connections and answers nothing');
  return notes;
}

/** 0 where something was measured and all thresholds are kept. */
function exitCode({ result, verdicts }: LoadReport, progress: Progress): number {
  const failed = verdicts.filter(({ kept }) => !kept);
  if (result.requests === 0 && result.errors.timeout === 0) {
    const example = [...result.examples.values()][0];
    progress.say(`error: nothing was answered${example === undefined ? '' : `: ${example}`}`);
    return EXIT.cannotCollect;
  }
  if (failed.length > 0) {
    progress.say(
      `${failed.length} of ${verdicts.length} thresholds failed: ${failed.map((one) => one.threshold.text).join(', ')}`,
    );
    return EXIT.gateFailed;
  }
  if (result.silent !== undefined) return EXIT.cannotCollect;
  if (attempts(result) > 0 && failedRequests(result.errors) >= attempts(result)) {
    progress.say('error: not one request succeeded');
    return EXIT.gateFailed;
  }
  return EXIT.ok;
}
