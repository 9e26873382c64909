import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import type { MassifOptions as Recorded } from '../../collectors/massif.ts';
import { WRITABLE_FORMATS } from '../../formats/writable.ts';
import { renderers } from '../../render/registry.ts';
import { HEAP_TOOLS, type HeapTool, snapshotChoice } from '../heap/tools.ts';
import { addWorkloadOptions, type WorkloadOptions } from '../load/options.ts';
import { collected, growth, number } from '../options/values.ts';
import { addTrackOption, type TrackOption } from '../track/option.ts';

const EXAMPLES = `
What is printed first is what ms_print prints, byte for byte; below it stand the largest heap and who allocated it.

Examples:
  pforge-prof massif -- ./server                record until it ends or Ctrl-C; keep massif.out, print the report
  pforge-prof massif massif.out -o heap.svg     the heap over time, by who allocates it
  pforge-prof massif --flame massif.out         the peak as a flame graph; --snapshot 12 for another moment
  pforge-prof massif --ms-print --x=100 massif.out.4711
                                                the very text of ms_print
  pforge-prof massif --tool heaptrack -- ./app  faster, with the number of calls
  pforge-prof massif --rss -o rss.svg -- node server.js
                                                RSS by JavaScript heap, buffers, native, files
  pforge-prof massif diff old.out new.out       how the heap changed, and whose memory; -o x.svg: both charts
  pforge-prof massif --stacks --time-unit B -- ./app
`;

/** What the words of `pforge-prof massif` say; names as commander makes them. */
export interface MassifCommandOptions
  extends Omit<Recorded, 'stacks' | 'pagesAsHeap' | 'heap'>,
    WorkloadOptions,
    TrackOption {
  readonly output?: string;
  readonly format?: string;
  readonly color?: boolean;
  readonly flame?: boolean;
  readonly snapshot?: number | 'peak';
  readonly msPrint?: boolean;
  readonly rss?: boolean;
  readonly fullNames?: boolean;
  readonly x?: number;
  readonly y?: number;
  readonly limit?: number;
  readonly title?: string;
  readonly failIfPeakGrows?: number;
  readonly duration?: number;
  readonly massifOutFile?: string;
  readonly tool?: HeapTool;
  readonly heap?: boolean;
  readonly stacks?: boolean;
  readonly pagesAsHeap?: boolean;
}

/** What massif's own view can be written as; a flame graph also as everything that `flame` writes. */
export const VIEW_FORMATS = [
  { id: 'text', extension: 'txt' },
  { id: 'svg', extension: 'svg' },
  { id: 'html', extension: 'html' },
  { id: 'json', extension: 'json' },
] as const;

/** Options that only a recording can heed. */
export const RECORDING_OPTIONS = [
  ...['depth', 'timeUnit', 'heap', 'heapAdmin', 'stacks', 'pagesAsHeap', 'peakInaccuracy', 'detailedFreq'],
  ...['maxSnapshots', 'allocFn', 'ignoreFn', 'traceChildren', 'duration', 'rss', 'tool', 'massifOutFile'],
] as const;

/** Those that every recorder heeds. */
export const OF_ALL_RECORDERS: ReadonlySet<string> = new Set(['duration', 'rss', 'tool', 'massifOutFile']);

export function configureMassif(command: CommanderCommand): void {
  const formats = new Set([...VIEW_FORMATS, ...renderers, ...WRITABLE_FORMATS].map(({ id }) => id));
  const percent = number({ min: 0, max: 100 });
  command
    .argument('[file...]', 'what massif left; - is standard input; or diff BEFORE AFTER')
    .option('-o, --output <file>', 'write here; the extension picks the format (default: standard output)')
    .addOption(new Option('--format <format>', 'what to write (default: text)').choices([...formats]))
    .option(
      '--flame',
      'a flame graph of one snapshot, in every format of pforge-prof flame (default: svg); of diff: of both',
    )
    .option('--snapshot <which>', 'which one: its number, or peak (default: the largest with details)', snapshotChoice)
    .option('--limit <rows>', 'rows of the table (default: 20)', number({ min: 1, max: 1e9, whole: true }))
    .option('--title <text>', 'title of the picture');
  addTrackOption(command)
    .option('--fail-if-peak-grows <percent>', 'of diff: exit code 1 where the maximum grew by more', growth)
    .option('--rss', 'record resident memory by /proc instead: any program, at its own speed; of node also its parts')
    .addOption(
      new Option(
        '--tool <tool>',
        'what records: massif (valgrind, 6 times slower), heaptrack (2 to 3 times), jemalloc (samples, no slower)',
      ).choices(HEAP_TOOLS),
    )
    .optionsGroup('As ms_print:')
    .option('--ms-print', 'nothing but the text of ms_print')
    .option('--threshold <percent>', 'leave out callers below this: of the text, of a recording too (1)', threshold)
    .option('--x <columns>', 'width of the graph (72)', number({ min: 4, max: 1000, whole: true }))
    .option('--y <rows>', 'height of the graph (20)', number({ min: 4, max: 1000, whole: true }))
    .option('--full-names', 'do not cut names at #, as ms_print does')
    .optionsGroup('Recording, as valgrind --tool=massif:')
    .option('-d, --duration <seconds>', 'stop after so many seconds', number({ min: 0.01, max: 1e6 }))
    .option('--massif-out-file <file>', 'keep the recording here (massif.out; heaptrack.zst)')
    .addOption(new Option('--time-unit <unit>', 'instructions, milliseconds, bytes (i)').choices(['i', 'ms', 'B']))
    .option('--depth <callers>', 'callers of an allocation (30)', number({ min: 1, max: 200, whole: true }))
    .option('--detailed-freq <n>', 'every n-th snapshot has details (10)', number({ min: 1, max: 1e6, whole: true }))
    .option('--max-snapshots <n>', 'how many are kept (100)', number({ min: 10, max: 1000, whole: true }))
    .option('--peak-inaccuracy <percent>', 'by how much a new peak exceeds the last (1)', percent)
    .option('--stacks [yes|no]', 'stacks too: slow', yesNo)
    .option('--pages-as-heap [yes|no]', 'pages of mmap and brk, instead of blocks of malloc', yesNo)
    .option('--heap <yes|no>', 'the heap itself (yes)', yesNo)
    .option('--heap-admin <bytes>', 'administration a block (8)', number({ min: 0, max: 1024, whole: true }))
    .option('--alloc-fn <name>', 'this function is an allocator; may be given several times', collected)
    .option('--ignore-fn <name>', 'leave out what this function allocates; may be given several times', collected)
    .option('--trace-children [yes|no]', 'also programs that the program starts', yesNo)
    .addHelpText('after', EXAMPLES);
  addWorkloadOptions(command);
}

/** ms_print takes a percent sign too. */
function threshold(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (/^\d+(?:\.\d*)?%?$|^\.\d+%?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('It must be a number of percent from 0 to 100.');
}

function yesNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes';
  throw new InvalidArgumentError('It must be yes or no.');
}
