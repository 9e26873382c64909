import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import type { DhatOptions as Recorded } from '../../collectors/dhat.ts';
import { WRITABLE_FORMATS } from '../../formats/writable.ts';
import { METRICS } from '../../profile/allocation-points.ts';
import { VIEW_SORTS } from '../../render/dhat/view-sorts.ts';
import { renderers } from '../../render/registry.ts';
import type { ResultFormat } from '../options/result-format.ts';
import { growth, number } from '../options/values.ts';
import { addTrackOption, type TrackOption } from '../track/option.ts';

/** The default stands first. */
const KNOWN_METRICS = [...METRICS].sort((a, b) => Number(b.id === 'tb') - Number(a.id === 'tb'));

const METRIC_WORDS = `
Metrics:
${KNOWN_METRICS.map(({ id, title }) => `  ${id.padEnd(4)}  ${title}`).join('\n')}
  --dh-view also takes ${VIEW_SORTS.map(({ id }) => id)
    .filter((id) => id.includes('-'))
    .join(', ')
    .replace(/(.{60}[^ ]*) /g, '$1\n  ')}.

Examples:
  pforge-prof dhat -- ./server                 record until it ends or Ctrl-C; keep dhat.out, print who allocates
  pforge-prof dhat --metric gb dhat.out.4711   by bytes at the peak
  pforge-prof dhat --tree dhat-heap.json       what Rust's dhat left, as a tree of callers
  pforge-prof dhat -o heap.svg dhat.out        a flame graph of all bytes; -o heap.pprof, .html, .folded...
  pforge-prof dhat diff old.out new.out        who allocates more or less; -o diff.svg: as a flame graph
  pforge-prof dhat --dh-view dhat.out          the very text of valgrind's dh_view
`;

/** What the words of `pforge-prof dhat` say; names as commander makes them. */
export interface DhatCommandOptions extends Recorded, TrackOption {
  readonly output?: string;
  readonly format?: string;
  readonly color?: boolean;
  readonly metric?: string;
  readonly tree?: boolean;
  readonly dhView?: boolean;
  readonly limit?: number;
  readonly minPercent?: number;
  readonly title?: string;
  readonly duration?: number;
  readonly dhatOutFile: string;
  readonly flame?: boolean;
  readonly failIfGrows?: number;
}

/** Own views, then everything that `flame` writes; `convert` writes profiles as JSON. */
export const DHAT_FORMATS: readonly ResultFormat[] = [
  { id: 'text', extension: 'txt' },
  { id: 'json', extension: 'json' },
  ...[...renderers, ...WRITABLE_FORMATS].filter(({ id }) => id !== 'text' && id !== 'json'),
];

/** Options that only a recording can heed. */
export const RECORDING_OPTIONS = ['mode', 'numCallers', 'traceChildren', 'duration'] as const;

export function configureDhat(command: CommanderCommand): void {
  const metrics = new Set([...KNOWN_METRICS, ...VIEW_SORTS].map(({ id }) => id));
  command
    .argument('[file...]', 'what dhat left, of valgrind or of Rust; - is standard input; or diff BEFORE AFTER')
    .option('-o, --output <file>', 'write here; the extension picks the format (default: standard output)')
    .addOption(
      new Option('--format <format>', 'what to write (default: text)').choices(DHAT_FORMATS.map(({ id }) => id)),
    )
    .option('--metric <metric>', 'what counts: see below (default: tb)', (text) => metricOf(text, metrics))
    .option('--tree', 'a tree of callers instead of the table')
    .option('--dh-view', 'nothing but the text of dh_view (default metric: tbk)')
    .option('--limit <rows>', 'rows of the table (default: 20)', number({ min: 1, max: 1e9, whole: true }))
    .option('--min-percent <percent>', 'leave out parts of the tree below this (0.5)', number({ min: 0, max: 100 }))
    .option('--title <text>', 'title of the picture');
  addTrackOption(command)
    .option('--flame', 'a flame graph (default: svg); of diff: of both recordings in one')
    .option('--fail-if-grows <percent>', 'of diff: exit code 1 where the metric grew by more', growth)
    .optionsGroup('Recording, as valgrind --tool=dhat:')
    .option('-d, --duration <seconds>', 'stop after so many seconds', number({ min: 0.01, max: 1e6 }))
    .option('--dhat-out-file <file>', 'keep the recording here', 'dhat.out')
    .addOption(
      new Option(
        '--mode <mode>',
        'blocks of malloc; what memcpy copies; events that the program tells of (heap)',
      ).choices(['heap', 'copy', 'ad-hoc']),
    )
    .option('--num-callers <n>', 'callers of an allocation (30)', number({ min: 1, max: 500, whole: true }))
    .option('--trace-children [yes|no]', 'also programs that the program starts', yesNo)
    .addHelpText('after', METRIC_WORDS);
}

function metricOf(text: string, known: ReadonlySet<string>): string {
  if (known.has(text)) return text;
  throw new InvalidArgumentError(`Known are ${[...known].join(', ')}.`);
}

function yesNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new InvalidArgumentError('It must be yes or no.');
}
