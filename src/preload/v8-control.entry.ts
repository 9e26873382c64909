/** The control thread of the V8 collector, see control.ts. Runs in the profiled process, apart from the program. */
import { connect, type Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import type { ControlData } from './control.ts';
import { holdSignals } from './held-signals.ts';
import { SNAPSHOT_MS } from './settings.ts';
import { createVisits } from './visits.ts';

const { settings, shared } = workerData as ControlData;
const snapshots = settings.sampling.what === 'snapshots' ? settings.sampling : undefined;

/** A checkpoint may take 0.5 % of the time, and lose 5 % of the run where the process is killed. */
const COST_FACTOR = 200;
const AGE_FACTOR = 1 / 20;
const LONGEST_MS = 30_000;
/** How long a signal waits for a program that is blocked outside JavaScript. */
const SIGNAL_MS = 1_000;

// A word on the standard streams of this thread would keep the process alive, and is nobody's to read.
process.emitWarning = () => {};
// What this thread otherwise waits for (inspector replies, signals) does not keep it alive.
setInterval(() => {}, 2 ** 30);

const visits = createVisits(shared);
holdSignals(shared, {
  async flush(occasion) {
    const limit = snapshots === undefined ? SIGNAL_MS : SNAPSHOT_MS;
    await Promise.race([visits.checkpoint(occasion), new Promise((done) => setTimeout(done, limit))]);
  },
  asking: snapshots?.signal,
});
if (snapshots === undefined) scheduleCheckpoint(0);
else if (snapshots.everyMs !== undefined) scheduleSnapshot(snapshots.everyMs);
holdLine();

function scheduleCheckpoint(cost: number): void {
  const age = performance.now();
  const wait = Math.min(LONGEST_MS, Math.max(settings.checkpointMs, age * AGE_FACTOR));
  setTimeout(async () => scheduleCheckpoint(await visits.checkpoint('interval')), Math.max(wait, cost * COST_FACTOR));
}

/** Evenly, from the end of one to the next: the program stands still for each. */
function scheduleSnapshot(everyMs: number): void {
  setTimeout(async () => {
    await visits.checkpoint('interval');
    scheduleSnapshot(everyMs);
  }, everyMs);
}

/** The line to the collector: it asks for `flush`, we answer `done`; where it ends, nobody waits for our files. */
function holdLine(): void {
  const line: Socket = connect(settings.line);
  let open = false;
  line.on('connect', () => {
    open = true;
    line.write(`${process.pid}\n`);
  });
  line.on('data', async () => {
    await visits.checkpoint('flush');
    line.write('done\n');
  });
  line.on('error', () => {});
  line.on('close', () => {
    if (open) void visits.stop();
  });
}
