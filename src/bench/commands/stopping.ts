import { UserError } from '../../errors.ts';
import { looksUpTo } from '../pairs/looks.ts';
import { DEFAULT_BUDGET } from '../pairs/verdict.ts';
import type { BenchCommand } from './bench-command.ts';
import { allDecided, type CompareOptions } from './compare-commands.ts';
import type { SoFar } from './measure-commands.ts';
import { summarize } from './summary.ts';

/** How often commands are to be run. */
export interface RunLimits {
  readonly commands: readonly BenchCommand[];
  /** One after the other: nothing is compared. */
  readonly sequential: boolean;
  /** Exactly so many runs. */
  readonly runs?: number;
  readonly minRuns?: number;
  readonly maxRuns?: number;
}

/** hyperfine measures each command so long, and so often, at least. */
const LEAST_SECONDS = 3;
const LEAST_RUNS = 10;
/** Comparisons stop here where nobody asked for more: 30 turns, or as many as fit into {@link LEAST_SECONDS} a command. */
const MOST_TURNS = 30;
const MOST_TURNS_IN_TIME = 300;

/** When there are enough runs, and by which rule they are compared then. */
export class Stopping {
  compare: CompareOptions;
  private readonly limits: RunLimits;
  private readonly least: number;
  private readonly most: number | undefined;

  /** @throws {UserError} limits that contradict each other */
  constructor(limits: RunLimits, compare: Omit<CompareOptions, 'maxPairs'>) {
    const { runs, minRuns, maxRuns } = limits;
    if (runs !== undefined && (minRuns !== undefined || maxRuns !== undefined)) {
      throw new UserError('--runs and --min-runs or --max-runs contradict each other', { hint: 'give one of them' });
    }
    if (minRuns !== undefined && maxRuns !== undefined && minRuns > maxRuns) {
      throw new UserError('--min-runs is more than --max-runs', { hint: 'give the smaller number first' });
    }
    this.limits = limits;
    this.most = runs ?? maxRuns;
    this.least = runs ?? minRuns ?? Math.min(LEAST_RUNS, this.most ?? LEAST_RUNS);
    const maxPairs = this.most ?? Math.max(MOST_TURNS, this.least);
    const budget = compare.budget ?? DEFAULT_BUDGET;
    // Who runs exactly so often looks once, at the end: no look before takes a share
    const share = runs === undefined ? 1 : looksUpTo(Math.max(runs, 5)).at(-1)!.share;
    this.compare = { ...compare, maxPairs, budget: budget / share };
  }

  /** Asked after each turn. */
  enough({ turns, elapsed, runs }: SoFar): boolean {
    if (this.most !== undefined && turns >= this.most) return true;
    if (turns < this.least) return false;
    const { commands, sequential } = this.limits;
    const together = sequential ? 1 : commands.length;
    if (together === 1) return elapsed >= LEAST_SECONDS;
    if (this.most === undefined && turns === this.least) {
      // Known before any ratio is looked at: quick commands can be run more often
      const inTime = Math.floor((LEAST_SECONDS * together * turns) / elapsed);
      const maxPairs = Math.min(MOST_TURNS_IN_TIME, Math.max(this.compare.maxPairs, inTime));
      this.compare = { ...this.compare, maxPairs };
    }
    const { maxPairs } = this.compare;
    if (turns >= maxPairs) return true;
    if (!looksUpTo(maxPairs).some(({ pairs }) => pairs === turns)) return false;
    const summaries = commands.map((command, at) => {
      const own = runs[at]!;
      // A command that has failed has fewer runs than there were turns
      return summarize({ command, runs: own, ...(own.length < turns ? { failure: 'failed' } : {}) });
    });
    return allDecided(summaries, this.compare);
  }
}
