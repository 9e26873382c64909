import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import { BACKGROUNDS, type Background } from '../../render/background.ts';
import { PALETTES, type PaletteId } from '../../render/colors.ts';
import type { InfernoOptions } from '../../render/inferno.ts';
import { number } from '../options/values.ts';

/** How a picture looks, whatever it is of; names as commander makes them. */
export interface PictureLook
  extends Pick<
    InfernoOptions,
    | 'title'
    | 'subtitle'
    | 'notes'
    | 'width'
    | 'height'
    | 'minWidth'
    | 'inverted'
    | 'fontType'
    | 'fontSize'
    | 'fontWidth'
    | 'countName'
    | 'nameType'
    | 'factor'
    | 'search'
    | 'searchColor'
    | 'uiColor'
    | 'strokeColor'
  > {
  readonly bgcolors?: Background;
  readonly textTruncate?: 'left' | 'right';
  readonly classic?: boolean;
  readonly embed: boolean;
}

/** How a flame graph of one profile is drawn. */
export interface PictureOptions
  extends PictureLook,
    Pick<InfernoOptions, 'reverse' | 'flamechart' | 'hash' | 'deterministic' | 'cp' | 'nameattr'> {
  readonly sort: boolean;
  readonly colors: PaletteId;
  readonly random?: boolean;
  readonly randomSeed?: number;
}

/** Other spellings, of flamegraph.pl and inferno: the same as the option on the right. */
const ALIASES = [
  ['--minwidth <px>', '--min-width'],
  ['--countname <text>', '--count-name'],
  ['--nametype <text>', '--name-type'],
  ['--fonttype <font>', '--font-type'],
  ['--fontsize <px>', '--font-size'],
  ['--fontwidth <em>', '--font-width'],
  ['--uicolor <color>', '--ui-color'],
] as const;

/** What goes for every picture. */
export function addPictureLook(command: CommanderCommand): CommanderCommand {
  command
    .optionsGroup('Picture:')
    .option('--title <text>', 'title of the picture')
    .option('--subtitle <text>', 'second line of the title')
    .option('--notes <text>', 'shown with the notes of the recording')
    .option('--width <px>', 'fixed width (default: as wide as the window)', number({ min: 200, max: 100_000 }))
    .option('--height <px>', 'height of a frame (default: 16)', number({ min: 4, max: 500, whole: true }))
    .option('--min-width <px>', 'leave out frames narrower than this: px, or with % of the whole', leastWidth)
    .option('-i, --inverted', 'roots on top (icicle)')
    .option('--bgcolors <color>', `${BACKGROUNDS.join(', ')} or #rrggbb (default: as the palette has it)`, background)
    .option('--font-type <font>', 'font of the labels', fontType)
    .option('--font-size <px>', 'of the labels (default: 12)', number({ min: 4, max: 200, whole: true }))
    .option('--font-width <em>', 'mean width of a character, instead of measuring', number({ min: 0.1, max: 10 }))
    .addOption(
      new Option('--text-truncate <side>', 'where labels that do not fit are cut (default: right)').choices([
        'left',
        'right',
      ]),
    )
    .option('--count-name <text>', 'what counts are called')
    .option('--name-type <text>', 'what stands before the name of a frame that is described')
    .option('--factor <number>', 'multiply the counts that are shown', number({ min: 1e-12, max: 1e12 }))
    .option('--search <regexp>', 'show this search when the picture opens')
    .option('--search-color <color>', 'of what a search finds, #rrggbb', color)
    .option('--ui-color <color>', 'of titles and buttons, #rrggbb', color)
    .option('--stroke-color <color>', 'a line around each frame, #rrggbb, or none', (text) =>
      text === 'none' ? undefined : color(text),
    )
    .option('--classic', 'an SVG with one element a frame, as tools for flamegraph.pl and inferno read it')
    .option('--no-embed', 'SVG: leave out the whole profile, from which diff and convert read pictures without loss')
    .addOption(new Option('--truncate-text-right').hideHelp());
  command.on('option:truncate-text-right', () => command.setOptionValue('textTruncate', 'right'));
  for (const [flags, long] of ALIASES) {
    const known = command.options.find((option) => option.long === long)!;
    const alias = new Option(flags).hideHelp();
    if (known.parseArg !== undefined) alias.argParser(known.parseArg);
    command.addOption(alias);
    command.on(`option:${alias.name()}`, () =>
      command.setOptionValue(known.attributeName(), command.getOptionValue(alias.attributeName())),
    );
  }
  return command;
}

/** What a flame graph of one profile can be asked for. */
export function addPictureOptions(command: CommanderCommand): CommanderCommand {
  return addPictureLook(command)
    .addOption(
      new Option('--reverse', "the callers' view: stacks merge from where time was spent").conflicts('flamechart'),
    )
    .option('--flamechart', 'in the order of time, equal stacks that are apart are not merged')
    .addOption(
      new Option('--no-sort', 'siblings in the order of their first samples').conflicts(['reverse', 'flamechart']),
    )
    .addOption(
      new Option('-c, --colors <palette>', 'what colours mean; all but the first three as in flamegraph.pl, inferno')
        .choices([...PALETTES])
        .default('kind'),
    )
    .addOption(new Option('--hash', 'like names get like colours').conflicts(['deterministic', 'random', 'randomSeed']))
    .addOption(new Option('--deterministic', "a name's colour as inferno draws it").conflicts(['random', 'randomSeed']))
    .option('--random', 'colours at random, one a function')
    .option(
      '--random-seed <number>',
      'other random colours (default: 1234)',
      number({ min: 1, max: Number.MAX_SAFE_INTEGER, whole: true }),
    )
    .option('--cp', 'functions keep the colours that palette.map holds, new ones are added to it')
    .option('--nameattr <file>', 'links, titles and classes of functions: NAME<tab>href=URL<tab>title=TEXT');
}

function leastWidth(text: string): number | { percent: number } {
  const [, digits, sign] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text.trim()) ?? [];
  const value = Number(digits);
  if (digits === undefined || value > (sign ? 100 : 1000)) {
    throw new InvalidArgumentError('It must be a number of px from 0 to 1000, or of percent: 0.5%.');
  }
  return sign ? { percent: value } : value;
}

function color(text: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(text)) throw new InvalidArgumentError('It must be a colour like #3366cc.');
  return text.toLowerCase();
}

function background(text: string): Background {
  if ((BACKGROUNDS as readonly string[]).includes(text)) return text as Background;
  if (/^#[0-9a-f]{6}$/i.test(text)) return text.toLowerCase() as Background;
  throw new InvalidArgumentError(`It must be ${BACKGROUNDS.join(', ')} or a colour like #3366cc.`);
}

function fontType(text: string): string {
  if (/^[\p{L}\p{N} _.,'"-]+$/u.test(text) && /[\p{L}\p{N}]/u.test(text)) return text;
  throw new InvalidArgumentError('It must be the name of a font, or several between commas.');
}
