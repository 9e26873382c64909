import { Command as CommanderCommand, Option } from 'commander';
import { WRITABLE_FORMATS } from '../../formats/writable.ts';
import { renderers } from '../../render/registry.ts';
import { HEAP_TOOLS } from '../heap/tools.ts';
import { addCollapseOptions, type CollapseOptions } from '../inputs/collapse-options.ts';
import { addFilterOptions, type FilterOptions } from '../inputs/filter-options.ts';
import { addFleetOptions, type FleetOptions } from '../inputs/fleet-input.ts';
import { addInputsFrom, type InputsFrom } from '../inputs/inputs-from.ts';
import { addWorkloadOptions, type WorkloadOptions } from '../load/options.ts';
import { addRecordingOptions, type RecordingOptions } from '../record/options.ts';
import { addPictureOptions, type PictureOptions } from './picture-options.ts';

const EXAMPLES = `
Examples:
  pforge-prof flame -- node server.js              record until it ends or Ctrl-C; draw flamegraph.svg
  pforge-prof flame -d 10 -o api.svg -- ./server   record ten seconds
  pforge-prof flame --pid 4711 -d 5                look into a running process
  pforge-prof flame --off-cpu -- ./server          where it waits, instead of where it computes
  pforge-prof flame --heap -- ./server             what it has allocated when its heap is largest
  pforge-prof flame --load /api -- node server.js  a server while it is loaded: see pforge-prof load
  pforge-prof flame profile.cpuprofile             draw a recording
  pforge-prof flame --format text perf.data        draw it in the terminal
  pforge-prof flame --reverse -i perf.data         who calls what the time is spent in
  perf script | pforge-prof flame - -o out.svg     draw what another tool recorded
  pforge-prof diff before.svg after.svg > d.svg    what changed between two of them
`;

/** What the words of `pforge-prof flame` say; names as commander makes them. */
export interface FlameOptions
  extends Omit<FilterOptions, 'pid'>,
    CollapseOptions,
    FleetOptions,
    RecordingOptions,
    PictureOptions,
    WorkloadOptions,
    InputsFrom {
  readonly output?: string;
  readonly format?: string;
  readonly inputFormat?: string;
  readonly open?: boolean;
  readonly heap?: boolean;
  readonly renderer?: 'inferno';
  readonly color?: boolean;
  readonly sources?: boolean;
}

export function configureFlame(command: CommanderCommand): void {
  const formats = [...renderers.map(({ id }) => id), ...WRITABLE_FORMATS.map(({ id }) => id)];
  addRecordingOptions(
    command
      .argument('[input...]', 'recordings to read; - is standard input')
      .option(
        '-o, --output <file>',
        'write here; - is standard output; the extension picks the format (default: flamegraph.svg)',
      )
      .addOption(new Option('--format <format>', 'what to write').choices(formats))
      .option('--input-format <format>', 'the format of the inputs, instead of detecting it')
      .option('--open', 'open the result in the browser')
      .option('--heap', 'native memory at its peak, by who allocated it (heaptrack, else massif)'),
    HEAP_TOOLS,
  );
  addPictureOptions(command)
    .addOption(new Option('--renderer <tool>', 'have this tool on PATH draw the SVG').choices(['inferno']))
    .option('--no-sources', 'HTML: leave out the lines of source files')
    .addHelpText('after', EXAMPLES);
  addWorkloadOptions(addFleetOptions(addInputsFrom(addCollapseOptions(addFilterOptions(command)))));
}

/** One element a frame is asked for, or needed: by what is said of single functions. */
export function isClassic({ classic, nameattr }: Pick<FlameOptions, 'classic' | 'nameattr'>): boolean {
  return classic === true || nameattr !== undefined;
}

/** What `flame` does where nothing is asked for. */
export function flameDefaults(): FlameOptions {
  const parser = new CommanderCommand();
  configureFlame(parser);
  return parser.opts() as unknown as FlameOptions;
}
