import { Option } from 'commander';
import { EXIT, UserError } from '../errors.ts';
import { openOutput } from '../output.ts';
import { GROUPINGS, type Grouping } from '../profile/group-by.ts';
import { matchingFrames } from '../profile/matching-frames.ts';
import type { Profile } from '../profile/profile.ts';
import { wantsColor } from '../terminal/color.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { withAdvice } from './inputs/advice.ts';
import { addCollapseOptions, type CollapseOptions, chooseEvent, collapse } from './inputs/collapse-options.ts';
import {
  addFilterOptions,
  addReadingFilters,
  type FilterOptions,
  select,
  withEventFilter,
} from './inputs/filter-options.ts';
import { addFleetOptions, type FleetOptions } from './inputs/fleet-input.ts';
import { addInputsFrom, allInputs, type InputsFrom } from './inputs/inputs-from.ts';
import { checkInputs, readInputs } from './inputs/read-inputs.ts';
import { formatOfName } from './options/result-format.ts';
import { timeLimited } from './options/time-limited.ts';
import { type FunctionPattern, functionPattern, number } from './options/values.ts';
import { drawView, REPORT_FORMATS, type ReportFormat, type View, type ViewLimits } from './report/views.ts';
import { wrote } from './wrote.ts';

const EXAMPLES = `
FUNCTION is a part of a name, or a /regular expression/ over "name file".

Examples:
  pforge-prof report perf.data                         the hottest functions
  pforge-prof report --tree profile.cpuprofile         the call tree
  pforge-prof report --callers malloc perf.data        who calls it
  pforge-prof report --by module perf.data             which library takes how much
  pforge-prof report profile.cpuprofile -o report.md   for a pull request or a language model
  perf script | pforge-prof report - --json | jq '.top[0]'
`;

interface ReportOptions extends FilterOptions, CollapseOptions, InputsFrom, FleetOptions {
  readonly event?: string;
  readonly top?: boolean;
  readonly tree?: boolean;
  readonly callers?: FunctionPattern;
  readonly callees?: FunctionPattern;
  readonly by?: Grouping;
  readonly limit?: number;
  readonly minPercent: number;
  readonly output?: string;
  readonly format?: ReportFormat;
  readonly inputFormat?: string;
  readonly color?: boolean;
}

/** A recording in words: tables and trees. */
export const report: Command = {
  configure(command) {
    command
      .argument('[input...]', 'recordings to read; - is standard input; several merge')
      .option('--top', 'the hottest functions (the default)')
      .option('--tree', 'the call tree')
      .option('--callers <function>', 'who calls it, as a tree', functionPattern)
      .option('--callees <function>', 'what it calls, as a tree', functionPattern)
      .addOption(new Option('--by <what>', 'sum the weight by this').choices([...GROUPINGS]))
      .option('--limit <rows>', 'rows of a table (default: 20)', number({ min: 1, max: 1e9, whole: true }))
      .option('--min-percent <percent>', 'leave out subtrees of a tree below this', number({ min: 0, max: 100 }), 0.5)
      .option('-o, --output <file>', 'write here; the extension picks the format (default: standard output)')
      .addOption(
        new Option('--format <format>', 'what to write (default: text)').choices(REPORT_FORMATS.map(({ id }) => id)),
      )
      .option('--input-format <format>', 'the format of the inputs, instead of detecting it')
      .addHelpText('after', EXAMPLES);
    addFleetOptions(addInputsFrom(addCollapseOptions(addReadingFilters(addFilterOptions(command)))));
  },

  async run(call, words, rawOptions) {
    const options = withEventFilter(rawOptions as unknown as ReportOptions);
    const { world } = call;
    const inputs = await allInputs(words, options, world);
    checkInputs(call, inputs, 'report');
    const view = chosenView(options);
    const format = chosenFormat(call, options);
    const output = openOutput(options.output ?? '-', world);
    return guarded(call, async (progress) => {
      const read = await readInputs(inputs, options, world);
      const selected = withAdvice(select(chooseEvent(read, options), options));
      if (view.show === 'around') timeLimited(view.pattern, () => matchingFrames(selected, view.pattern));
      const profile = collapse(selected, options, undefined);
      if (view.show === 'around') checkFound(profile, view);
      const size = await output.write(drawView(profile, view, format, limits(call, options, output.isStdout)));
      // The other formats hold the notes.
      const holdsNotes = format === 'json' || (format === 'md' && view.show === 'top');
      if (!holdsNotes) for (const note of profile.meta.notes) progress.say(`note: ${note}`);
      if (!output.isStdout) progress.say(wrote(output, size));
      return EXIT.ok;
    });
  },
};

/** @throws {UserError} more than one view */
function chosenView({ top, tree, callers, callees, by }: ReportOptions): View {
  const views: View[] = [];
  if (top) views.push({ show: 'top' });
  if (tree) views.push({ show: 'tree' });
  if (callers) views.push({ show: 'around', direction: 'callers', ...callers });
  if (callees) views.push({ show: 'around', direction: 'callees', ...callees });
  // A table by function is the table of the hottest functions.
  if (by !== undefined) views.push(by === 'function' ? { show: 'top' } : { show: 'groups', grouping: by });
  if (views.length > 1) throw new UserError('give only one of: --top, --tree, --callers, --callees, --by');
  return views[0] ?? { show: 'top' };
}

function chosenFormat({ shared }: Call, { format, output }: ReportOptions): ReportFormat {
  if (shared.json && format !== undefined && format !== 'json') {
    throw new UserError(`--json and --format ${format} contradict each other`);
  }
  if (shared.json) return 'json';
  return format ?? (formatOfName(output, REPORT_FORMATS) as ReportFormat | undefined) ?? 'text';
}

function limits({ world }: Call, options: ReportOptions, toStdout: boolean): ViewLimits {
  const toTerminal = toStdout && world.stdout.isTTY === true;
  // A file has room; only tables need a width there.
  const width = toTerminal
    ? world.stdout.columns
    : options.tree || options.callers || options.callees
      ? undefined
      : 120;
  return {
    minPercent: options.minPercent,
    color: toStdout && (options.color ?? wantsColor(world.stdout, world.env)),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    ...(width === undefined ? {} : { width }),
  };
}

/** @throws {UserError} no function matches */
function checkFound(profile: Profile, { asked, pattern, direction }: Extract<View, { show: 'around' }>): void {
  if (matchingFrames(profile, pattern).includes(1)) return;
  throw new UserError(`no function matches --${direction} ${asked}`, {
    hint: 'pforge-prof report without it lists the names',
  });
}
