import { lookup } from 'node:dns/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EXIT, UserError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { accepts } from './accepts.ts';
import { type LoadPlan, portOf } from './plan.ts';
import { FIRST_ID, renderRequests } from './rendered-request.ts';
import type { LoadResult } from './result.ts';
import { ResultBuilder } from './result-builder.ts';
import type { LoadShare, WorkerMessage, WorkerOrder } from './share.ts';

/** How a load stands. */
export interface LoadProgress {
  /** Seconds since counting began; negative during the warm-up. */
  readonly elapsed: number;
  /** So far. */
  readonly requests: number;
  readonly failed: number;
  /** Of the last window: requests a second, and microseconds. */
  readonly rps: number;
  readonly p99: number;
}

export interface RunLoadOptions {
  /** Ends the load before its time; the result holds what was counted. */
  readonly signal?: AbortSignal;
  /** Called a few times a second. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Called when the warm-up is over. */
  readonly onCounting?: () => void;
}

/** Shortest and longest window, and about how many there are: milliseconds. */
const WINDOW_MS = { least: 100, most: 1_000, count: 60, greatest: 1_000 };

/**
 * Sends requests as planned and measures what comes back. In the closed model a connection sends the next request when the
 * last one was answered; in the open one (`rate`) requests are due at fixed times, whatever the server does.
 * @returns what was measured, also where nothing was answered
 * @throws {UserError} 2: the host has no address, a request cannot be made
 */
export async function runLoad(plan: LoadPlan, options: RunLoadOptions = {}): Promise<LoadResult> {
  const shares = sharesOf(plan, await addressOf(plan.url));
  const builder = new ResultBuilder(plan, shares[0]!.window / 1000, shares.length);
  const file = join(packageRoot(), 'dist/load-worker.cjs');
  // The person's own NODE_OPTIONS (preloads, inspectors) have no business in the generator
  const workers = shares.map((workerData) => new Worker(file, { workerData, execArgv: [], env: {} }));
  const order = (word: WorkerOrder): void => {
    for (const worker of workers) worker.postMessage(word);
  };
  const stop = (): void => {
    builder.stopped = true;
    order('stop');
  };
  let cpu = process.cpuUsage();
  let begun = performance.now();
  let ready = 0;
  let counting = 0;
  const ticker = setInterval(() => options.onProgress?.(builder.progress((performance.now() - begun) / 1000)), 200);
  try {
    const ended = workers.map(
      (worker, thread) =>
        new Promise<void>((done, fail) => {
          worker.on('message', (message: WorkerMessage) => {
            if (message.kind === 'ready') {
              if (++ready < workers.length) return;
              begun = performance.now() + plan.warmup * 1000;
              cpu = process.cpuUsage();
              order('go');
              if (options.signal?.aborted) stop();
              else options.signal?.addEventListener('abort', stop, { once: true });
            } else if (message.kind === 'counting') {
              if (++counting < workers.length) return;
              begun = performance.now();
              cpu = process.cpuUsage();
              options.onCounting?.();
            } else if (message.kind === 'window') builder.addWindow(thread, message);
            else {
              builder.addEnd(message);
              done();
            }
          });
          worker.once('error', fail);
          worker.once('exit', () => done());
        }),
    );
    await Promise.all(ended);
    const used = process.cpuUsage(cpu);
    return builder.result((used.user + used.system) / 1e6);
  } finally {
    clearInterval(ticker);
    options.signal?.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** The address of a host; where it has several (`localhost`: of IPv4 and IPv6) the first one that takes a connection. */
async function addressOf(url: URL): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    const found = await lookup(host, { all: true });
    for (const { address } of found.length > 1 ? found : []) if (await accepts(address, portOf(url))) return address;
    return found[0]!.address;
  } catch (error) {
    throw new UserError(`${host}: no such host (${(error as NodeJS.ErrnoException).code})`, {
      hint: 'check the spelling of the URL',
      exitCode: EXIT.cannotCollect,
      cause: error,
    });
  }
}

/** One share a thread; no thread is without a connection or a request. */
function sharesOf(plan: LoadPlan, address: string): LoadShare[] {
  const { connections, requests, rate, duration, url } = plan;
  const threads = Math.max(1, Math.min(plan.threads, connections, requests ?? Number.POSITIVE_INFINITY));
  const part = (whole: number, thread: number): number =>
    Math.floor((whole * (thread + 1)) / threads) - Math.floor((whole * thread) / threads);
  const sequence = renderRequests(plan);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const long = duration === undefined ? WINDOW_MS.least : (duration * 1000) / WINDOW_MS.count;
  const window = Math.max(
    Math.min(WINDOW_MS.most, Math.max(WINDOW_MS.least, Math.round(long / 10) * 10)),
    ((duration ?? 0) * 1000) / WINDOW_MS.greatest,
  );
  return Array.from({ length: threads }, (_, thread) => ({
    address,
    port: portOf(url),
    serverName: url.protocol === 'https:' ? host : undefined,
    insecure: plan.insecure,
    connections: part(connections, thread),
    duration: duration === undefined ? undefined : duration * 1000,
    requests: requests === undefined ? undefined : part(requests, thread),
    rate: rate === undefined ? undefined : rate / threads,
    phase: thread / threads,
    timeout: plan.timeout * 1000,
    warmup: plan.warmup * 1000,
    window,
    pipelining: plan.pipelining,
    sequence,
    firstId: FIRST_ID + thread * 100_000_000,
  }));
}
