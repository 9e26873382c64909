import type { BenchCommand, CommandRun } from '../../../src/bench/commands/bench-command.ts';

/** A command of which only the name matters. */
export function commandOf(name: string, parameters: ReadonlyMap<string, string> = new Map()): BenchCommand {
  const streams = { input: 'null', output: 'null', errors: 'null' } as const;
  return { name, commandLine: name, words: [name], parameters, streams };
}

/** A run that took so many milliseconds of wall and CPU time. */
export function runOf(wall: number, cpu = wall, more: Partial<CommandRun> = {}): CommandRun {
  return {
    wall: wall * 1e6,
    user: cpu * 0.9e6,
    system: cpu * 0.1e6,
    maxRss: 1e6,
    minorFaults: 100,
    majorFaults: 0,
    voluntarySwitches: 1,
    involuntarySwitches: 2,
    exitCode: 0,
    ...more,
  };
}
