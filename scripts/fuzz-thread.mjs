import { Worker } from 'node:worker_threads';

const [BEGUN, LENGTH, REFUSED, READ, STOP, LEARNED] = [0, 1, 2, 3, 4, 5];
/** Milliseconds of CPU time: on a busy machine the clock says little. */
const LONGEST_RUN = 3000;
/** What waits and never goes on takes no CPU time. */
const LONGEST_WAIT = 120_000;
const MOST_MEMORY = 2 * 1024 ** 3;
const LOOKS = 100;

/** A thread that runs targets, watched from outside: where it hangs, dies or takes too much, another takes its place. */
export class FuzzThread {
  #bundle;
  #options;
  #counts = new Int32Array(new SharedArrayBuffer(24));
  #input = new Uint8Array(new SharedArrayBuffer(64 * 1024));
  #worker;
  #heard = () => {};
  #died = () => {};

  /**
   * @param options measures: with coverage; found: told of findings; reached: told of inputs that reach new code; kept: where such
   * inputs of before are
   */
  constructor(bundle, options) {
    this.#bundle = bundle;
    this.#options = options;
  }

  /** @returns the targets that it knows */
  async start() {
    const { measures, kept } = this.#options;
    const worker = new Worker(`./${this.#bundle}`, {
      workerData: { counts: this.#counts, input: this.#input, measures },
      resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64 },
    });
    this.#worker = worker;
    worker.on('message', (message) => this.#heard(message));
    worker.on('error', (error) => this.#died(error));
    const { targets } = await new Promise((ready, failed) => {
      this.#heard = ready;
      this.#died = failed;
    });
    for (const { id } of targets) for (const bytes of kept.inputsOf(id)) this.addInput(id, bytes);
    return targets;
  }

  async end() {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  addInput(id, bytes) {
    this.#worker?.postMessage({ id, keep: bytes });
  }

  async replay(id, bytes) {
    if (this.#worker === undefined) await this.start();
    return new Promise((answer) => {
      this.#heard = ({ replayed }) => answer(replayed);
      this.#died = (error) => answer(error.message);
      setTimeout(() => answer('hang: a run takes more than 3 s'), LONGEST_RUN).unref();
      this.#worker.postMessage({ id, replay: bytes });
    });
  }

  /**
   * Runs a target from a number on, for some time.
   * @param cpu milliseconds of CPU time after which the run that has begun is the last
   * @param wall milliseconds by the clock, likewise
   * @returns how many runs there were, how many were read and refused, and the seconds of CPU time of the process
   */
  async run(id, seed, from, to, cpu, wall) {
    const counts = this.#counts;
    counts.fill(0);
    counts[BEGUN] = from;
    const cpuBefore = cpuTime();
    const end = { cpu: cpuBefore + cpu, wall: performance.now() + wall };
    while (counts[BEGUN] < to && !isOver(end)) {
      if (this.#worker === undefined) await this.start();
      counts[STOP] = 0;
      if (await this.#untilStopped({ id, seed, from: counts[BEGUN], to }, end)) break;
      await this.end();
    }
    const took = (cpuTime() - cpuBefore) / 1000;
    return { runs: counts[BEGUN] - from, read: counts[READ], refused: counts[REFUSED], cpu: took };
  }

  /** @returns whether it ended well */
  #untilStopped(order, end) {
    const counts = this.#counts;
    const { found, reached } = this.#options;
    const broken = (what, stack) => {
      const bytes = Buffer.from(this.#input.subarray(0, counts[LENGTH]));
      found({ id: order.id, run: counts[BEGUN] - 1, what, stack, bytes });
    };
    return new Promise((ended) => {
      let lastRun = -1;
      let since = { cpu: 0, wall: 0 };
      const watch = setInterval(() => {
        const run = Atomics.load(counts, BEGUN) + Atomics.load(counts, LEARNED);
        const now = { cpu: cpuTime(), wall: performance.now() };
        if (run !== lastRun) [lastRun, since] = [run, now];
        const isHung = now.cpu - since.cpu > LONGEST_RUN || now.wall - since.wall > LONGEST_WAIT;
        const isHuge = process.memoryUsage.rss() > MOST_MEMORY;
        if (isHung) broken('hang: a run takes more than 3 s');
        else if (isHuge) broken('memory: more than 2 GB');
        if (isHung || isHuge) done(false);
        else if (isOver(end)) Atomics.store(counts, STOP, 1);
      }, LOOKS);
      const done = (well) => {
        clearInterval(watch);
        this.#heard = this.#died = () => {};
        ended(well);
      };
      this.#heard = (message) => {
        if (message.done) done(true);
        else if (message.finding) found(message.finding);
        else reached?.({ id: message.reached.id, bytes: Buffer.from(message.reached.bytes) });
      };
      this.#died = (error) => {
        broken(`the thread died: ${error.code ?? ''} ${error.message}`, error.stack);
        done(false);
      };
      this.#worker.postMessage(order);
    });
  }
}

function isOver({ cpu, wall }) {
  return cpuTime() > cpu || performance.now() > wall;
}

/** Milliseconds that the process has run on a processor. */
function cpuTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
