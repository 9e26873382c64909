import { UserError } from '../errors.ts';
import { benchCargo, isCargoBench } from './bench-cargo.ts';
import { addCommandRunOptions } from './bench-command-options.ts';
import { benchCommands, type CommandBenchOptions } from './bench-commands.ts';
import { addCriterionOptions } from './bench-criterion-options.ts';
import { addImportOptions, benchImport, type ImportOptions } from './bench-import.ts';
import type { Command } from './command.ts';

/** Benchmarks: numbers to trust, and comparisons that do not cry wolf. */
export const bench: Command = {
  configure(command) {
    const all = addCriterionOptions(command.argument('[files...]', 'benchmark files'));
    addImportOptions(addCommandRunOptions(all));
  },

  async run(call, files, rawOptions) {
    const options = rawOptions as unknown as CommandBenchOptions & ImportOptions;
    if (files[0] === 'import') return benchImport(call, files.slice(1), options);
    if (call.program !== undefined && isCargoBench(call.program)) return benchCargo(call, call.program, options);
    if (call.program !== undefined || options.cmd !== undefined) return benchCommands(call, options);
    throw new UserError('nothing to measure', { hint: 'give a program after --, or --cmd' });
  },
};
