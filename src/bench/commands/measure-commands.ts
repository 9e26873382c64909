import { runStep } from '../../processes/run-step.ts';
import { SeededRandom } from '../../statistics/random.ts';
import type { BenchCommand, CommandResult, CommandRun, Words } from './bench-command.ts';
import { CommandRunner, interruptedTooSoon } from './run-command.ts';
import { turnOrder } from './turn-order.ts';

/** What is known after each turn, of the commands that are measured together. */
export interface SoFar {
  readonly turns: number;
  /** Seconds since the first turn began. */
  readonly elapsed: number;
  /** Of each command, in the order of the plan; one that has failed has fewer runs. */
  readonly runs: readonly (readonly CommandRun[])[];
}

export interface MeasurePlan {
  /** Those that are run in turns have the same setup and cleanup. */
  readonly commands: readonly BenchCommand[];
  /** An empty call of the shell that runs the commands, which is measured in every turn as well. */
  readonly emptyShell?: BenchCommand;
  /** Runs of each command before the first that counts. */
  readonly warmup: number;
  /** One command after the other, not in turns. */
  readonly sequential: boolean;
  /** Asked after each turn. */
  readonly enough: (soFar: SoFar) => boolean;
  /** True where an exit code means that the command has failed. */
  readonly fails: (exitCode: number) => boolean;
  /** A run that takes longer has failed. */
  readonly timeoutSeconds?: number;
  /** Each run gets an environment of another size; see {@link OFFSET}. */
  readonly randomizeEnvironment: boolean;
  /** Show what the commands of setup, prepare, conclude and cleanup print. */
  readonly showOutput: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly seed: number;
  readonly progress: (text: string) => void;
}

export interface Measured {
  readonly results: readonly CommandResult[];
  /** Runs of {@link MeasurePlan.emptyShell}. */
  readonly empty: readonly CommandRun[];
  /** The person pressed Ctrl-C; turns that were not complete are left out. */
  readonly interrupted: boolean;
}

/**
 * Where the stack begins depends on the size of the environment, and with it how fast some programs are (Mytkowicz et
 * al., "Producing Wrong Data Without Doing Anything Obviously Wrong!", ASPLOS 2009): it is drawn anew for each run, so
 * that it averages out. Named as hyperfine names it, like the number of the run.
 */
const OFFSET = 'HYPERFINE_RANDOMIZED_ENVIRONMENT_OFFSET';
const ITERATION = 'HYPERFINE_ITERATION';
const LARGEST_OFFSET = 4096;

/**
 * Runs all commands again and again until there is enough, in turns unless the plan says otherwise. A command that fails
 * is not run again; the others go on. What was set up is cleaned up, whatever happens.
 * @throws {UserError} 125 a command of setup, prepare, conclude or cleanup failed; 126, 127 a command cannot be run; 130
 */
export async function measureCommands(plan: MeasurePlan): Promise<Measured> {
  const runner = await CommandRunner.open();
  try {
    const groups = plan.sequential ? plan.commands.map((command) => [command]) : [plan.commands];
    const results: CommandResult[] = [];
    const empty: CommandRun[] = [];
    for (const commands of groups) {
      if (runner.interrupted) break;
      const group = new Group({ ...plan, commands }, runner);
      results.push(...(await group.measure()));
      empty.push(...group.empty);
    }
    const { interrupted } = runner;
    if (interrupted && results.every(({ runs, failure }) => runs.length === 0 && failure === undefined)) {
      interruptedTooSoon();
    }
    return { results, empty, interrupted };
  } finally {
    await runner.close();
  }
}

/** Commands that are measured in turns. */
class Group {
  readonly empty: CommandRun[] = [];
  private readonly plan: MeasurePlan;
  private readonly runner: CommandRunner;
  private readonly random: SeededRandom;
  private readonly runs: CommandRun[][];
  private readonly failures: (string | undefined)[];

  constructor(plan: MeasurePlan, runner: CommandRunner) {
    this.plan = plan;
    this.runner = runner;
    this.random = new SeededRandom(plan.seed);
    this.runs = plan.commands.map(() => []);
    this.failures = plan.commands.map(() => undefined);
  }

  async measure(): Promise<CommandResult[]> {
    const { commands } = this.plan;
    // In turns all are set up alike: once is enough
    const [first] = commands;
    let ready = false;
    try {
      await this.step(first!.setup, '--setup', first!);
      ready = true;
      await this.takeTurns();
    } catch (error) {
      // Ctrl-C also ends a command of --prepare
      if (!this.runner.interrupted) throw error;
    } finally {
      if (ready || !this.runner.interrupted) await this.step(first!.cleanup, '--cleanup', first!);
    }
    const failed = (side: number): boolean => this.failures[side] !== undefined;
    const complete = Math.min(...this.runs.filter((_, side) => !failed(side)).map(({ length }) => length));
    return commands.map((command, side) => {
      const failure = this.failures[side];
      const runs = failure === undefined ? this.runs[side]!.slice(0, complete) : this.runs[side]!;
      return { command, runs, ...(failure === undefined ? {} : { failure }) };
    });
  }

  private async takeTurns(): Promise<void> {
    const { plan, runner } = this;
    const { commands, emptyShell, warmup } = plan;
    const all = emptyShell === undefined ? commands : [...commands, emptyShell];
    const order = turnOrder(this.random, all.length);
    let started = performance.now();
    for (let turn = -warmup; ; turn++) {
      if (turn === 0) started = performance.now();
      if (turn > 0) {
        const elapsed = (performance.now() - started) / 1000;
        if (plan.enough({ turns: turn, elapsed, runs: this.runs })) return;
      }
      for (const side of order(turn + warmup)) {
        if (this.failures[side] !== undefined) continue;
        plan.progress(label(turn, warmup, all[side]!, this.runs[side]));
        await this.runOne(all[side]!, side, turn);
        if (runner.interrupted) return;
      }
      if (this.failures.every((failure) => failure !== undefined)) return;
    }
  }

  private async runOne(command: BenchCommand, side: number, turn: number): Promise<void> {
    const { plan, runner } = this;
    const iteration = turn < 0 ? `warmup-${turn + plan.warmup}` : String(turn);
    await this.step(command.prepare, '--prepare', command, iteration);
    const timeout = plan.timeoutSeconds === undefined ? undefined : plan.timeoutSeconds * 1000;
    const run = await runner.run(command, this.environment(iteration), timeout);
    if (run === 'interrupted') return;
    if (run === 'timed out') {
      this.failures[side] = `did not end within ${plan.timeoutSeconds} s${inRun(turn)}: killed`;
      return;
    }
    const own = side < plan.commands.length;
    if (own && plan.fails(run.exitCode)) {
      this.failures[side] = `${endingWords(run.exitCode)}${inRun(turn)}`;
      return;
    }
    if (turn >= 0) (own ? this.runs[side]! : this.empty).push(run);
    await this.step(command.conclude, '--conclude', command, iteration);
  }

  private environment(iteration: string): NodeJS.ProcessEnv {
    const { env, randomizeEnvironment } = this.plan;
    const offset = randomizeEnvironment ? { [OFFSET]: 'X'.repeat(this.random.below(LARGEST_OFFSET)) } : {};
    return { ...env, [ITERATION]: iteration, ...offset };
  }

  private async step(words: Words | undefined, option: string, command: BenchCommand, run?: string): Promise<void> {
    if (words === undefined) return;
    const { env, showOutput, progress } = this.plan;
    if (run === undefined) progress(`${option} of ${command.name}`);
    const variables = run === undefined ? env : { ...env, [ITERATION]: run };
    await runStep(words, option, { env: variables, silent: !showOutput });
  }
}

function inRun(turn: number): string {
  return turn < 0 ? ' in a warm-up' : ` in run ${turn + 1}`;
}

function endingWords(exitCode: number): string {
  return exitCode > 128 ? `ended with ${exitCode} (signal ${exitCode - 128})` : `exited with ${exitCode}`;
}

function label(turn: number, warmup: number, command: BenchCommand, runs: readonly CommandRun[] | undefined): string {
  const which = turn < 0 ? `warm-up ${turn + warmup + 1} of ${warmup}` : `run ${turn + 1}`;
  const last = runs?.at(-1);
  const told = last === undefined ? '' : `, last took ${(last.wall / 1e6).toFixed(1)} ms`;
  return `${which}${told}: ${command.name}`;
}
