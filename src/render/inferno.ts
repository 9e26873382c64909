import { UserError } from '../errors.ts';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';

/** What a person may ask of a picture, by the names of our own options; `inferno-flamegraph` has most of them. */
export interface InfernoOptions {
  readonly title?: string;
  readonly subtitle?: string;
  readonly notes?: string;
  readonly width?: number;
  readonly height?: number;
  readonly minWidth?: number | { readonly percent: number };
  readonly inverted?: boolean;
  readonly reverse?: boolean;
  readonly flamechart?: boolean;
  readonly sort?: boolean;
  readonly colors?: string;
  readonly hash?: boolean;
  readonly deterministic?: boolean;
  readonly cp?: boolean;
  readonly bgcolors?: string;
  readonly fontType?: string;
  readonly fontSize?: number;
  readonly fontWidth?: number;
  readonly textTruncate?: string;
  readonly countName?: string;
  readonly nameType?: string;
  readonly factor?: number;
  readonly nameattr?: string;
  readonly searchColor?: string;
  readonly uiColor?: string;
  readonly strokeColor?: string;
  readonly search?: string;
}

/** inferno-flamegraph 0.12 `--colors`. */
const PALETTES = new Set(
  'aqua blue green hot io java js mem orange perl python purple red rust wakeup yellow'.split(' '),
);
const STATIC_WIDTH = 1200;
/** Of both sides together; inferno leaves out by percent of what is between them. */
const MARGINS = 20;

/**
 * The words for `inferno-flamegraph` (0.11, 0.12) that draw a profile as the options ask. Each value is in one word with
 * its option, so that no value can be an option.
 * @throws {UserError} an option or a palette that it has not
 */
export function infernoArguments(profile: Profile, options: InfernoOptions): string[] {
  if (options.search !== undefined) throw new UserError('inferno-flamegraph has no --search');
  const { colors = 'kind' } = options;
  if (colors !== 'kind' && !PALETTES.has(colors)) {
    throw new UserError(`inferno-flamegraph has no palette ${colors}`, { hint: `it has ${[...PALETTES].join(', ')}` });
  }
  const { type, unit } = profile.valueTypes[defaultValueIndex(profile)]!;
  const { command, notes } = profile.meta;
  const values: readonly (readonly [string, string | number | undefined])[] = [
    ['title', options.title],
    ['subtitle', options.subtitle ?? command?.join(' ')],
    ['notes', [...(options.notes === undefined ? [] : [options.notes]), ...notes].join('; ') || undefined],
    ['width', options.width],
    ['height', options.height],
    ['minwidth', leastPercent(options)],
    ['colors', colors === 'kind' ? undefined : colors],
    ['bgcolors', options.bgcolors],
    ['fonttype', options.fontType],
    ['fontsize', options.fontSize],
    ['fontwidth', options.fontWidth],
    ['countname', options.countName ?? (unit === 'count' ? type : unit)],
    ['nametype', options.nameType],
    ['factor', options.factor],
    ['nameattr', options.nameattr],
    ['search-color', options.searchColor],
    ['uicolor', options.uiColor],
    ['stroke-color', options.strokeColor],
  ];
  const flags: readonly (readonly [string, boolean | undefined])[] = [
    ['inverted', options.inverted],
    ['reverse', options.reverse],
    ['flamechart', options.flamechart],
    ['no-sort', options.sort === false],
    ['hash', options.hash],
    ['deterministic', options.deterministic],
    ['cp', options.cp],
    ['truncate-text-right', options.textTruncate === 'right'],
  ];
  return [
    ...values.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`])),
    ...flags.flatMap(([name, given]) => (given ? [`--${name}`] : [])),
  ];
}

function leastPercent({ minWidth, width = STATIC_WIDTH }: InfernoOptions): number | undefined {
  return typeof minWidth === 'number' ? (minWidth / (width - MARGINS)) * 100 : minWidth?.percent;
}
