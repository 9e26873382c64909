import { type Command as CommanderCommand, Option } from 'commander';
import { WRITABLE_FORMATS } from '../formats/writable.ts';
import { PALETTES, type PaletteId } from '../render/colors.ts';
import { renderers } from '../render/registry.ts';
import { addCollapseOptions, type CollapseOptions } from './collapse-options.ts';
import { addFilterOptions, type FilterOptions } from './filter-options.ts';
import { number } from './option-values.ts';
import { addRecordingOptions, type RecordingOptions } from './recording-options.ts';

const EXAMPLES = `
Examples:
  pforge-prof flame -- node server.js             record until it ends or Ctrl-C; draw flamegraph.svg
  pforge-prof flame -d 10 -o api.svg -- ./server  record ten seconds
  pforge-prof flame --pid 4711 -d 5               look into a running process
  pforge-prof flame --off-cpu -- ./server         where it waits, instead of where it computes
  pforge-prof flame profile.cpuprofile            draw a recording
  perf script | pforge-prof flame - -o out.svg    draw what another tool recorded
`;

/** What the words of `pforge-prof flame` say; names as commander makes them. */
export interface FlameOptions extends Omit<FilterOptions, 'pid'>, CollapseOptions, RecordingOptions {
  readonly output?: string;
  readonly format?: string;
  readonly inputFormat?: string;
  readonly title?: string;
  readonly subtitle?: string;
  readonly width?: number;
  readonly minWidth?: number;
  readonly colors: PaletteId;
  readonly inverted?: boolean;
  readonly search?: string;
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
      .option('--input-format <format>', 'the format of the inputs, instead of detecting it'),
  )
    .option('--title <text>', 'title of the picture')
    .option('--subtitle <text>', 'second line of the title')
    .option('--width <px>', 'fixed width (default: as wide as the window)', number({ min: 200, max: 100_000 }))
    .option('--min-width <px>', 'leave out frames narrower than this', number({ min: 0, max: 1000 }))
    .addOption(new Option('--colors <palette>', 'what colours mean').choices([...PALETTES]).default('kind'))
    .option('--inverted', 'roots on top (icicle)')
    .option('--search <regexp>', 'show this search when the picture opens')
    .option('--no-sources', 'HTML: leave out the lines of source files')
    .addHelpText('after', EXAMPLES);
  addCollapseOptions(addFilterOptions(command));
}
