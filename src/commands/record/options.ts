import { type Command as CommanderCommand, Option } from 'commander';
import type { CollectOptions, Subject } from '../../collectors/collector.ts';
import { collectorChoices } from '../../collectors/registry.ts';
import type { Workload } from '../../load/workload.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { Call } from '../command.ts';
import { collectUntil } from '../load/options.ts';
import { number } from '../options/values.ts';

/** What is recorded, and how; names as commander makes them. */
export interface RecordingOptions {
  readonly collector: string;
  readonly freq: number;
  readonly duration?: number;
  readonly pid?: number;
  readonly callGraph?: 'fp' | 'dwarf' | 'lbr';
  readonly event?: string;
  readonly offCpu?: boolean;
  readonly wall?: boolean;
}

/** @param others what a command can record with beside the collectors of CPU samples */
export function addRecordingOptions(command: CommanderCommand, others: readonly string[] = []): CommanderCommand {
  return command
    .optionsGroup('Recording:')
    .addOption(
      new Option('--collector <name>', 'what records').choices([...collectorChoices, ...others]).default('auto'),
    )
    .option('-F, --freq <hz>', 'samples a second', number({ min: 1, max: 100_000 }), 997)
    .option('-d, --duration <seconds>', 'stop after so many seconds', number({ min: 0.01, max: 1e6 }))
    .option('-p, --pid <pid>', 'record a running process', number({ min: 1, max: 2 ** 31, whole: true }))
    .addOption(
      new Option(
        '--call-graph <how>',
        'how perf finds callers (default: fp, dwarf for programs built without)',
      ).choices(['fp', 'dwarf', 'lbr']),
    )
    .option(
      '-e, --event <event>',
      'what perf samples (default: cycles, else cpu-clock); perf-stat --list shows what works here',
    );
}

/** The program after `--`, or the process of `--pid`. */
export function subjectOf(call: Call, { pid }: RecordingOptions): Subject {
  return pid === undefined ? { program: call.program ?? [] } : { pid };
}

/**
 * @param said gets what the person was told meanwhile, so that it is not told again
 * @param workload what the program is recorded under
 */
export function collectOptions(
  options: RecordingOptions,
  progress: Progress,
  said: Set<string>,
  workload?: Workload,
): CollectOptions {
  const { freq, callGraph, event, offCpu, wall } = options;
  return {
    frequency: freq,
    ...collectUntil(options, workload),
    ...(callGraph === undefined ? {} : { callGraph }),
    ...(event === undefined ? {} : { event }),
    offCpu: offCpu === true || wall === true,
    say: (line) => {
      said.add(line);
      progress.say(line);
    },
    // The load has a line of its own
    progress:
      workload === undefined ? (elapsed, detail) => progress.show(`${elapsed.toFixed(1)} s, ${detail}`) : () => {},
  };
}
