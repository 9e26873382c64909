import { type Command as CommanderCommand, Option } from 'commander';
import { WRITABLE_FORMATS } from '../../formats/writable.ts';
import { renderers } from '../../render/registry.ts';
import type { ResultFormat } from '../options/result-format.ts';
import { byteSize, number } from '../options/values.ts';
import { addTrackOption, type TrackOption } from '../track/option.ts';
import { addHeapLeakOptions } from './leak-options.ts';
import { addHeapViewOptions } from './view-options.ts';

const EXAMPLES = `
Examples:
  pforge-prof heap -- node server.js            who allocates, until it ends or Ctrl-C; draw heap.svg
  pforge-prof heap --live -- node server.js     only what is still alive in the end
  pforge-prof heap --pid 4711 -d 10             look into a running node process, started without any flag
  pforge-prof heap --pid 4711 --snapshot        its whole heap, object by object: heap.heapsnapshot
  pforge-prof heap --snapshot-every 30 -- node server.js
                                                heap.heapsnapshot, heap-2.heapsnapshot, ...: what grows?
  pforge-prof heap Heap.heapprofile             who allocated, as text; -o heap.svg, .html, .pprof, .gecko...
  pforge-prof heap heap.heapsnapshot            what there is, and what stands out; -o heap.svg: what holds what
  pforge-prof heap heap.heapsnapshot --retainers @4711
                                                why an object is alive
  pforge-prof heap diff a.heapsnapshot b.heapsnapshot c.heapsnapshot
                                                what came and went; what grows each time, and who holds it
  pforge-prof heap leak --load / -- node server.js
                                                snapshots before and after the same load: is there a leak?
`;

/** What the words of `pforge-prof heap` say; names as commander makes them. */
export interface HeapCommandOptions extends TrackOption {
  readonly output?: string;
  readonly format?: string;
  readonly inputFormat?: string;
  readonly color?: boolean;
  readonly title?: string;
  readonly limit?: number;
  readonly pid?: number;
  readonly duration?: number;
  readonly live?: boolean;
  readonly sampleInterval: number;
  readonly inlining: boolean;
  readonly snapshot?: boolean;
  /** Seconds. */
  readonly snapshotEvery?: number;
  readonly snapshotNearLimit?: number | true;
  readonly signal?: NodeJS.Signals;
  readonly all?: boolean;
  readonly force?: boolean;
}

/** What an allocation profile can be written as: all that `flame` writes, JSON as `report` has it. */
export const HEAP_FORMATS: readonly ResultFormat[] = [
  { id: 'text', extension: 'txt' },
  ...[...renderers, ...WRITABLE_FORMATS].filter(({ id }) => id !== 'text'),
];

/** Options that only a recording can heed. */
export const RECORDING_OPTIONS = ['duration', 'live', 'all', 'force'] as const;

/** Options that ask for snapshots. */
export const SNAPSHOT_OPTIONS = ['snapshot', 'snapshotEvery', 'snapshotNearLimit', 'signal'] as const;

/** V8's own: in the noise of any program, and some hundred samples a second where allocation is heavy. */
const DEFAULT_INTERVAL = 512 * 1024;

export function configureHeap(command: CommanderCommand): void {
  command
    .argument(
      '[file...]',
      'a heap profile or a snapshot (.heapprofile, .heapsnapshot); - is standard input; or diff BEFORE AFTER..., or leak',
    )
    .option(
      '-o, --output <file>',
      'write here; the extension picks the format (default: heap.svg of a recording, text of a file)',
    )
    .addOption(new Option('--format <format>', 'what to write').choices(HEAP_FORMATS.map(({ id }) => id)))
    .option('--input-format <format>', 'the format of the inputs, instead of detecting it')
    .option('--title <text>', 'title of the picture')
    .option('--limit <rows>', 'rows of the table (default: 20)', number({ min: 1, max: 1e9, whole: true }));
  addTrackOption(command)
    .optionsGroup('Recording:')
    .option(
      '-p, --pid <pid>',
      'a running node process, by its inspector: opened by SIGUSR1, closed again',
      number({ min: 1, max: 2 ** 31, whole: true }),
    )
    .option('-d, --duration <seconds>', 'stop after so many seconds', number({ min: 0.01, max: 1e6 }))
    .option('--live', 'only objects that are alive at the end, instead of all that were allocated')
    .addOption(
      new Option('--sample-interval <bytes>', 'mean bytes between two samples: 64KiB sees more, and costs more')
        .argParser(byteSize)
        .default(DEFAULT_INTERVAL, '512KiB'),
    )
    .option(
      '--no-inlining',
      'V8 inlines no functions meanwhile, and each gets its own bytes: slower, and more may be allocated',
    )
    .optionsGroup('Snapshots: all objects of the heap, as DevTools and memlab read them, instead of samples:')
    .option('--snapshot', 'of a program when it ends or is stopped; of a process at once')
    .option('--snapshot-every <seconds>', 'again and again', number({ min: 0.1, max: 1e6 }))
    .option(
      '--snapshot-near-limit [n]',
      'of a program that runs out of heap: as many at most (1)',
      number({ min: 1, max: 100, whole: true }),
    )
    .addOption(
      new Option('--signal <name>', 'of a program, whenever it gets this signal').choices([
        'SIGUSR2',
        'SIGHUP',
        'SIGQUIT',
      ]),
    )
    .option('--all', 'also of worker threads, and of node processes that the program starts')
    .option('--force', 'although the memory for it may not suffice');
  addHeapLeakOptions(addHeapViewOptions(command)).addHelpText('after', EXAMPLES);
}
