import { Command as CommanderCommand } from 'commander';
import type { Progress } from '../terminal/progress.ts';
import type { Picture } from '../view-server/server.ts';
import type { Call, Command } from './command.ts';
import { drawFlame } from './flame/drawing.ts';
import { configureFlame, type FlameOptions } from './flame/options.ts';
import { guarded } from './guarded.ts';
import { withAdvice } from './inputs/advice.ts';
import { addCollapseOptions, type CollapseOptions, chooseEvent } from './inputs/collapse-options.ts';
import {
  addFilterOptions,
  addReadingFilters,
  type FilterOptions,
  select,
  withEventFilter,
} from './inputs/filter-options.ts';
import { checkInputs, readInputs } from './inputs/read-inputs.ts';
import { number } from './options/values.ts';
import { servePage } from './serving.ts';

const EXAMPLES = `
Examples:
  pforge-prof view perf.data                   look at a recording in the browser
  pforge-prof view --no-open --port 8090 x.folded
                                               for another window; the address is printed
  pforge-prof view out.cpuprofile              and record into out.cpuprofile again: the page follows
`;

interface ViewOptions extends FilterOptions, CollapseOptions {
  readonly event?: string;
  readonly inputFormat?: string;
  readonly title?: string;
  readonly port: number;
  readonly open: boolean;
}

/** A picture in the browser that follows its files. */
export const view: Command = {
  configure(command) {
    command
      .argument('[input...]', 'recordings to read; - is standard input; several merge')
      .option('--port <port>', 'listen here (default: any free port)', number({ min: 0, max: 65_535, whole: true }), 0)
      .option('--no-open', 'print the address only')
      .option('--title <text>', 'title of the picture')
      .option('--input-format <format>', 'the format of the inputs, instead of detecting it')
      .addHelpText('after', EXAMPLES);
    addCollapseOptions(addReadingFilters(addFilterOptions(command)));
  },

  async run(call, inputs, rawOptions) {
    const options = withEventFilter(rawOptions as unknown as ViewOptions);
    checkInputs(call, inputs, 'view');
    return guarded(call, async (progress) => {
      const files = inputs.filter((input) => input !== '-');
      const said = new Set<string>();
      const served = {
        title: `${inputs.join(', ')} - pforge-prof`,
        subject: inputs.join(', '),
        draw: () => pictureOf(call, inputs, options, progress, said),
        // Standard input can be read once only
        files: files.length === inputs.length ? files : [],
        json: { inputs },
      };
      return servePage(call, { ...served, port: options.port, open: options.open }, progress);
    });
  },
};

/** @param said notes that the person has been told before */
async function pictureOf(
  { world }: Call,
  inputs: readonly string[],
  options: ViewOptions,
  progress: Progress,
  said: Set<string>,
): Promise<Picture> {
  const profile = withAdvice(select(chooseEvent(await readInputs(inputs, options, world), options), options));
  const { chunks, notes } = await drawFlame('html', profile, { ...flameDefaults(), ...options }, world);
  for (const note of [...profile.meta.notes, ...notes]) {
    if (!said.has(note)) progress.say(`note: ${note}`);
    said.add(note);
  }
  const body = Buffer.concat(Array.from(chunks, (chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)));
  return { type: 'text/html; charset=utf-8', body };
}

/** The picture is drawn as `flame` draws it when nothing is asked. */
function flameDefaults(): FlameOptions {
  const parser = new CommanderCommand();
  configureFlame(parser);
  return parser.opts();
}
