import type { Attend } from '../processes/supervise.ts';
import { type LoadProgress, runLoad } from './engine.ts';
import type { LoadPlan } from './plan.ts';
import type { LoadResult } from './result.ts';
import { type Readiness, type ReadyServer, waitUntilReady } from './server.ts';

/** A load whose server is found once it runs. */
export interface WorkloadPlan {
  readonly readiness: Readiness;
  readonly plan: Omit<LoadPlan, 'url'>;
  /** One line to the person. */
  readonly say: (line: string) => void;
  readonly onProgress?: (progress: LoadProgress) => void;
}

/**
 * Load as the work that a program is recorded under: `attend` is what every collector takes. The program is asked to end
 * when the load is over.
 */
export class Workload {
  private readonly asked: WorkloadPlan;
  /** What the load gave, the last one of several; undefined before its end. */
  result: LoadResult | undefined;
  /** A load to which not one answer came: of several, any. */
  unanswered = false;
  /** When it was counted, without start-up and warm-up: nanoseconds of CLOCK_MONOTONIC. */
  window: { readonly from: number; readonly to: number } | undefined;

  constructor(asked: WorkloadPlan) {
    this.asked = asked;
  }

  readonly attend: Attend = async (pid, signal) => {
    await this.load(await this.ready(pid, signal), signal);
  };

  /** Waits for the server that a process is, or starts. */
  async ready(pid: number, signal: AbortSignal): Promise<ReadyServer> {
    this.result = undefined;
    const server = await waitUntilReady(pid, this.asked.readiness, signal);
    for (const note of server.notes) this.asked.say(note);
    return server;
  }

  /** Loads a server that is ready. */
  async load({ url }: ReadyServer, signal: AbortSignal): Promise<LoadResult> {
    const { plan, onProgress } = this.asked;
    let from = Number(process.hrtime.bigint());
    const result = await runLoad(
      { ...plan, url },
      {
        signal,
        ...(onProgress === undefined ? {} : { onProgress }),
        onCounting: () => {
          from = Number(process.hrtime.bigint());
        },
      },
    );
    this.window = { from, to: from + result.seconds * 1e9 };
    this.result = result;
    // Streams that began in the warm-up have answered
    if (result.requests === 0 && result.events === undefined) this.unanswered = true;
    return result;
  }
}
