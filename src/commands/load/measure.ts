import { EXIT } from '../../errors.ts';
import { type LoadProgress, runLoad } from '../../load/engine.ts';
import { type EngineId, runEngine } from '../../load/engines.ts';
import { type LoadPlan, type LoadTarget, targetUrl } from '../../load/plan.ts';
import type { LoadResult } from '../../load/result.ts';
import { withServer } from '../../load/server.ts';
import { ServerWatch } from '../../load/server-watch.ts';
import { onInterrupts } from '../../processes/interrupts.ts';
import { exitCodeOf } from '../../processes/target.ts';
import type { ServerSide } from '../../render/load/load-report.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { LoadCommandOptions } from './command-options.ts';
import { progressLine } from './progress.ts';

/** What was measured. */
export interface Measured {
  readonly result: LoadResult;
  readonly notes: readonly string[];
}

/** Loads what runs already; the first Ctrl-C ends the load, the second within it gives up. */
export async function loadRunning(
  target: LoadTarget,
  plan: Omit<LoadPlan, 'url'>,
  engine: EngineId,
  progress: Progress,
): Promise<Measured> {
  const stopping = new AbortController();
  const release = onInterrupts(({ signal, count }) => {
    if (count > 1) process.exit(EXIT.interrupted);
    progress.say(`${signal}: stopping; what was measured is kept`);
    stopping.abort();
  });
  try {
    const url = targetUrl(target, target.port!);
    const onProgress = (now: LoadProgress): void => progress.show(progressLine(now, plan));
    const result =
      engine === 'own'
        ? await runLoad({ ...plan, url }, { signal: stopping.signal, onProgress })
        : await runEngine(engine, { ...plan, url }, stopping.signal);
    return { result, notes: [] };
  } finally {
    release();
  }
}

/** Starts the server, loads it, ends it. */
export async function loadProgram(
  program: readonly string[],
  target: LoadTarget,
  plan: Omit<LoadPlan, 'url'>,
  { engine, readyText, readyUrl, readyTimeout, grace }: LoadCommandOptions,
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
        const whole = { ...plan, url: ready.url };
        if (engine !== 'own') watch.begin(ready.pid);
        result =
          engine === 'own'
            ? await runLoad(whole, {
                signal,
                onProgress: (now) => progress.show(progressLine(now, plan)),
                onCounting: () => watch.begin(ready.pid),
              })
            : await runEngine(engine, whole, signal);
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
