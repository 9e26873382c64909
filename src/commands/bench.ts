import { UserError } from '../errors.ts';
import { addCommandRunOptions } from './bench-command-options.ts';
import { benchCommands, type CommandBenchOptions } from './bench-commands.ts';
import type { Command } from './command.ts';

/** Benchmarks: numbers to trust, and comparisons that do not cry wolf. */
export const bench: Command = {
  configure(command) {
    addCommandRunOptions(command.argument('[files...]', 'benchmark files'));
  },

  async run(call, _files, rawOptions) {
    const options = rawOptions as unknown as CommandBenchOptions;
    if (call.program !== undefined || options.cmd !== undefined) return benchCommands(call, options);
    throw new UserError('nothing to measure', { hint: 'give a program after --, or --cmd' });
  },
};
