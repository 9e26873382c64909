import { Option } from 'commander';
import { EXIT, UserError } from '../errors.ts';
import { WRITABLE_FORMATS } from '../formats/writable.ts';
import { openOutput } from '../output.ts';
import type { Command } from './command.ts';
import { type ConvertWishes, converted } from './convert/converted.ts';
import { guarded } from './guarded.ts';
import { addCollapseOptions } from './inputs/collapse-options.ts';
import { addFilterOptions, addReadingFilters, withEventFilter } from './inputs/filter-options.ts';
import { addFleetOptions } from './inputs/fleet-input.ts';
import { addInputsFrom, allInputs, type InputsFrom } from './inputs/inputs-from.ts';
import { checkInputs } from './inputs/read-inputs.ts';
import { extensionOf, formatOfName } from './options/result-format.ts';
import { wrote } from './wrote.ts';

const EXAMPLES = `
Examples:
  pforge-prof convert perf.data -o out.folded               collapse stacks
  perf script | pforge-prof convert - --all > out.folded    with kernel, JIT and inlined frames marked
  pforge-prof convert a.cpuprofile b.cpuprofile -o all.json several inputs merge
  find . -name '*.pb.gz' | pforge-prof convert --inputs-from - -o fleet.pb.gz   thousands, in little memory
  pforge-prof convert perf.data --time 1..3 --thread worker -o part.folded
`;

interface ConvertOptions extends ConvertWishes, InputsFrom {
  readonly event?: string;
  readonly output?: string;
  readonly format?: string;
}

/** Reads any format and writes another; several inputs merge. */
export const convert: Command = {
  configure(command) {
    command
      .argument('[input...]', 'recordings to read; - is standard input')
      .option('-o, --output <file>', 'write here; the extension picks the format (default: standard output)')
      .addOption(
        new Option('--format <format>', 'what to write (default: folded)').choices(
          WRITABLE_FORMATS.map(({ id }) => id),
        ),
      )
      .option('--input-format <format>', 'the format of the inputs, instead of detecting it')
      .addHelpText('after', EXAMPLES);
    addFleetOptions(addInputsFrom(addCollapseOptions(addReadingFilters(addFilterOptions(command)))));
  },

  async run(call, words, rawOptions) {
    const options = withEventFilter(rawOptions as unknown as ConvertOptions);
    const { world, shared } = call;
    const inputs = await allInputs(words, options, world);
    checkInputs(call, inputs, 'convert');
    const format = formatToWrite(options);
    const output = openOutput(options.output ?? '-', world);
    if (output.isStdout && shared.json) {
      throw new UserError('--json and the result both want standard output', { hint: 'give -o a file name' });
    }
    return guarded(call, async (progress) => {
      const { chunks, notes, samples, weight } = await converted(format, inputs, options, world);
      const bytes = await output.write(chunks);
      for (const note of notes) progress.say(`note: ${note}`);
      if (!output.isStdout) {
        progress.say(wrote(output, bytes, samples));
      }
      if (shared.json) {
        const result = { version: 1, output: output.name, format, bytes, samples, weight, notes };
        world.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      }
      return EXIT.ok;
    });
  },
};

/** @throws {UserError} the name of the result says no format that can be written */
function formatToWrite({ format, output }: ConvertOptions): string {
  const found = format ?? formatOfName(output, WRITABLE_FORMATS);
  if (found !== undefined) return found;
  const extension = extensionOf(output);
  if (extension === undefined || extension === 'txt') return 'folded';
  const known = WRITABLE_FORMATS.map(({ id }) => id);
  throw new UserError(`no format that can be written has the extension .${extension}`, {
    hint: `say which with --format: ${known.join(', ')}; pictures are drawn by pforge-prof flame`,
  });
}
