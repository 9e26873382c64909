import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import { MATCHINGS, type Matching } from '../../profile/diff/matching.ts';
import { WIDTHS, type Widths } from '../../render/diff/widths.ts';
import { addPictureLook, type PictureLook } from '../flame/picture-options.ts';
import { addCollapseOptions, type CollapseOptions } from '../inputs/collapse-options.ts';
import { addFilterOptions, addReadingFilters, type FilterOptions } from '../inputs/filter-options.ts';
import { addFleetOptions, type FleetOptions } from '../inputs/fleet-input.ts';
import { number } from '../options/values.ts';

/** What a comparison can be written as; the first is the default. */
export const DIFF_FORMATS = [
  { id: 'svg', extension: 'svg' },
  { id: 'html', extension: 'html' },
  { id: 'text', extension: 'txt' },
  { id: 'md', extension: 'md' },
  { id: 'csv', extension: 'csv' },
  { id: 'json', extension: 'json' },
  { id: 'folded', extension: 'folded' },
] as const;
export type DiffFormat = (typeof DIFF_FORMATS)[number]['id'];

const EXAMPLES = `
Inputs are of any format: recordings, folded text, SVG flame graphs of this tool, flamegraph.pl or inferno. A single input
that holds both sides (an SVG that this command drew, folded text with two counts a line) is compared with itself.

Examples:
  pforge-prof diff before.svg after.svg > diff.svg        what changed, and what is only noise
  pforge-prof diff before.cpuprofile after.perf.txt       tools may differ, names are matched
  pforge-prof diff --before a1 a2 a3 --after b1 b2 b3     several runs: the noise between them counts
  pforge-prof diff a.perf.data b.perf.data -o diff.html   a page with tables
  pforge-prof diff a.folded b.folded --format folded      as difffolded.pl: stack BEFORE AFTER
  pforge-prof diff main.svg branch.svg --fail-on-regression 1 -o diff.md    for CI: exit 1
`;

/** What the words of `pforge-prof diff` say; names as commander makes them. */
export interface DiffOptions extends FilterOptions, CollapseOptions, FleetOptions, PictureLook {
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  readonly output?: string;
  readonly format?: DiffFormat;
  readonly inputFormat?: string;
  readonly event?: string;
  readonly open?: boolean;
  readonly color?: boolean;
  readonly top: number;
  readonly widths?: Widths;
  readonly negate?: boolean;
  readonly self?: boolean;
  /** undefined = nothing was said: pictures and tables compare shares, folded text holds counts as they are. */
  readonly normalize?: boolean;
  readonly stripHex?: boolean;
  /** The false discovery rate: 0 to 1. */
  readonly alpha: number;
  /** Part of the whole: 0 to 1. */
  readonly threshold: number;
  /** Default: `name`, but in folded text `exact`, as other tools have it. */
  readonly match?: Matching;
  readonly align: boolean;
  /** Points; true = any significant growth. */
  readonly failOnRegression?: number | true;
}

export function configureDiff(command: CommanderCommand): void {
  command
    .argument('[input...]', 'two recordings or drawn flame graphs, before and after; - is standard input')
    .option('--before <file...>', 'several runs of the before side')
    .option('--after <file...>', 'several runs of the after side')
    .option('-o, --output <file>', 'write here; the extension picks the format (default: diff.svg)')
    .addOption(
      new Option('--format <format>', 'what to write (default: svg)').choices(DIFF_FORMATS.map(({ id }) => id)),
    )
    .option('--input-format <format>', 'the format of the inputs, instead of detecting it')
    .option('--open', 'open the result in the browser')
    .option('--top <rows>', 'rows of each table', number({ min: 1, max: 1e9, whole: true }), 15)
    .option('--alpha <rate>', 'how many of what is called a change may be noise', rate, 0.05)
    .addOption(
      new Option('--threshold <percent>', 'a change of less than this part of the whole is none')
        .argParser(percent)
        .default(0.005, '0.5%'),
    )
    .addOption(
      new Option('--match <names>', 'which frames are the same in both (default: name; folded text: exact)').choices([
        ...MATCHINGS,
      ]),
    )
    .option(
      '--fail-on-regression [percent]',
      'exit 1 where a function grew significantly (by at least this much)',
      points,
    )
    .option(
      '--no-align',
      'native frames that only one of two profilers sees stay, though the other side cannot have them',
    )
    .option('-n, --normalize', 'compare shares of the whole (the default, but in folded text)')
    .option('--no-normalize', 'compare weights as they were measured')
    .option('-s, --strip-hex', 'addresses (0x45ef2173) become 0x...')
    .addOption(new Option('--widths <side>', 'what frames are as wide as (default: after)').choices([...WIDTHS]))
    .option('--negate', 'what grew is blue, what shrank is red')
    .option('--self', '--classic, coloured by what a frame takes itself, as flamegraph.pl and inferno do')
    .addHelpText('after', EXAMPLES);
  addPictureLook(command);
  addFleetOptions(addCollapseOptions(addReadingFilters(addFilterOptions(command))));
}

function rate(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1)) {
    throw new InvalidArgumentError('It must be a number between 0 and 1, such as 0.05.');
  }
  return value;
}

/** @returns a part of the whole, of `0.5%` or `0.5` */
function percent(text: string): number {
  const digits = /^(\d+(?:\.\d*)?|\.\d+)\s*%?$/.exec(text.trim())?.[1];
  if (digits === undefined || Number(digits) > 100) throw new InvalidArgumentError('It must be a percentage: 0.5%.');
  return Number(digits) / 100;
}

/** @returns points of `1%` or `1` */
function points(text: string): number {
  if (/\d\s*%?$/.test(text)) return percent(text) * 100;
  throw new InvalidArgumentError('It must be a percentage: 1%; to give none, put the option behind the inputs.');
}
