import type { BenchCommand } from '../../bench/commands/bench-command.ts';
import { openStreams } from '../../bench/commands/open-streams.ts';
import {
  COUNT_NOISE,
  type CountComparison,
  type Counts,
  compareCounts,
} from '../../bench/instructions/compare-counts.ts';
import { hasHardwareCounters } from '../../collectors/hardware-counters.ts';
import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { findTool } from '../../processes/executables.ts';
import { runStep } from '../../processes/run-step.ts';
import { exitCodeOf } from '../../processes/target.ts';
import { countsJson, countsText } from '../../render/command-runs/counts-text.ts';
import { forLocale } from '../../terminal/ascii.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { callgrindCounting, type OneRun, perfCounting } from '../perf-stat/counting.ts';
import { isFailure } from './command-options.ts';
import type { CommandPlan } from './command-plan.ts';
import type { CommandBenchOptions } from './commands.ts';

/** Counts repeat so well that a few runs show it. */
const RUNS = { perf: 5, callgrind: 3 };

/** Whoever counts instructions here: hardware where it can, which costs nothing; else valgrind's simulation. */
function counterOfInstructions(): 'perf' | 'callgrind' {
  return hasHardwareCounters() && findTool('perf') !== undefined ? 'perf' : 'callgrind';
}

/**
 * Counts the instructions of whole commands, and compares them.
 * @returns the exit code: 1 where a command failed, or needs more than it was to
 * @throws {UserError} 125 neither perf nor valgrind can count; 126, 127; 130
 */
export function countCommands(call: Call, plan: CommandPlan, options: CommandBenchOptions): Promise<number> {
  const output = openOutput('-', call.world);
  return guarded(call, async (progress) => {
    const counter = counterOfInstructions();
    const runs = options.runs ?? options.maxRuns ?? Math.max(RUNS[counter], options.minRuns ?? 0);
    const sides: { readonly name: string; readonly values: number[] }[] = [];
    const failures: string[] = [];
    const notes = new Set<string>();
    for (const command of plan.commands) {
      const values: number[] = [];
      sides.push({ name: command.name, values });
      await step(command.setup, '--setup', options);
      try {
        for (let run = 0; run < runs; run++) {
          await step(command.prepare, '--prepare', options);
          const counted = await countOnce(command, counter, progress, `run ${run + 1} of ${runs}: ${command.name}`);
          await step(command.conclude, '--conclude', options);
          for (const note of counted.notes) notes.add(note);
          if (counted.interrupted) throw new UserError('interrupted', { exitCode: EXIT.interrupted });
          const exitCode = counted.exit === undefined ? 0 : exitCodeOf(counted.exit);
          if (isFailure(exitCode, options)) {
            failures.push(`${command.name} exited with ${exitCode}`);
            break;
          }
          values.push(instructionsOf(counted));
        }
      } finally {
        await step(command.cleanup, '--cleanup', options);
      }
    }
    progress.end();
    const counted: Counts[] = sides.filter(({ values }) => values.length > 0);
    const noise = options.noiseThreshold ?? COUNT_NOISE;
    const [base, ...others] = counted;
    const compared = base === undefined ? [] : others.map((head) => compareCounts(base, head, noise));
    await show(call, output, counted, compared, counter, options.color);
    for (const note of notes) progress.say(`note: ${note}`);
    for (const failure of failures) progress.say(failure);
    return gate(compared, failures, options);
  });
}

async function show(
  call: Call,
  output: ReturnType<typeof openOutput>,
  counted: readonly Counts[],
  compared: readonly CountComparison[],
  counter: string,
  color: boolean | undefined,
): Promise<void> {
  if (call.shared.json) await output.write([`${JSON.stringify(countsJson(counted, compared), null, 2)}\n`]);
  else if (!call.shared.quiet) {
    const look = textLook(call.world, true, color);
    await output.write([forLocale(countsText(counted, compared, counter, look), look)]);
  }
}

function gate(
  compared: readonly CountComparison[],
  failures: readonly string[],
  { failOnRegression }: CommandBenchOptions,
): number {
  if (failures.length > 0) return EXIT.gateFailed;
  if (failOnRegression === undefined || failOnRegression === false) return EXIT.ok;
  const limit = failOnRegression === true ? 0 : failOnRegression / 100;
  const worse = compared.some(({ verdict, ratio }) => verdict === 'regressed' && ratio - 1 > limit);
  return worse ? EXIT.gateFailed : EXIT.ok;
}

function step(
  words: readonly string[] | undefined,
  option: string,
  { showOutput }: CommandBenchOptions,
): Promise<void> {
  return words === undefined ? Promise.resolve() : runStep(words, option, { silent: showOutput !== true });
}

async function countOnce(
  { words, streams }: BenchCommand,
  counter: 'perf' | 'callgrind',
  progress: Progress,
  label: string,
): Promise<OneRun> {
  const opened = openStreams(streams);
  const measuring = {
    events: ['instructions:u'],
    detailed: false,
    perThread: false,
    allCpus: false,
    loadDone: () => false,
    streams: opened.streams,
    say: (line: string) => progress.say(line),
    progress: (elapsed: number) => progress.show(`${elapsed.toFixed(1)} s, ${label}`),
  };
  const repetition = { cancelled: () => false, label: () => '' };
  try {
    const counting =
      counter === 'perf'
        ? await perfCounting(measuring, repetition)
        : await callgrindCounting(measuring, {}, repetition);
    try {
      return await counting.run({ program: words });
    } finally {
      await counting.dispose();
    }
  } finally {
    opened.close();
  }
}

function instructionsOf({ counted }: OneRun): number {
  const simulated = counted.measured.find(({ name }) => name === 'callgrind-instructions');
  if (simulated !== undefined) return simulated.value;
  const row = counted.rows.find(({ event }) => /instructions/.test(event));
  if (typeof row?.value === 'number') return row.value;
  throw new UserError('the instructions of a run were not counted', {
    hint: 'was it too short? valgrind counts where perf does not: apt-get install valgrind',
    exitCode: EXIT.cannotCollect,
  });
}
