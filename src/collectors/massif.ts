import { closeSync, openSync, readSync } from 'node:fs';
import { programKind, resolveProgram } from '../processes/executables.ts';
import { formatValue } from '../profile/units.ts';
import type { Artefact, CollectOptions } from './collector.ts';
import { nodeNotes, staticNotes } from './unseen-allocations.ts';
import { runValgrind } from './valgrind.ts';

/** What massif is told; absent = its own default. Names and meanings are valgrind's (`valgrind --tool=massif --help`). */
export interface MassifOptions {
  /** Percent of the total below which callers are put together. */
  readonly threshold?: number;
  /** Callers of an allocation. */
  readonly depth?: number;
  /** Instructions, milliseconds, or bytes allocated and freed. */
  readonly timeUnit?: 'i' | 'ms' | 'B';
  readonly heap?: boolean;
  /** Bytes of administration a block. */
  readonly heapAdmin?: number;
  readonly stacks?: boolean;
  /** Pages of memory (mmap, brk) instead of blocks of malloc. */
  readonly pagesAsHeap?: boolean;
  /** Percent by which a new peak must exceed the last. */
  readonly peakInaccuracy?: number;
  /** Each so many snapshots there is one with details. */
  readonly detailedFreq?: number;
  readonly maxSnapshots?: number;
  /** Functions that count as allocators. */
  readonly allocFn?: readonly string[];
  /** Functions whose allocations do not count. */
  readonly ignoreFn?: readonly string[];
  /** Also record programs that the program starts. Default: those of a script or shell, whose own heap nobody asks for. */
  readonly traceChildren?: boolean;
}

const ALL_PAGES = '--pages-as-heap counts all that is mapped, used or not';

/**
 * Records the heap of a program with valgrind's massif.
 * @throws {UserError} 125 without valgrind or a recording, 126/127 when the program cannot be run, 130 on give-up
 */
export async function collectMassif(
  program: readonly string[],
  massif: MassifOptions,
  options: Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say' | 'progress'>,
): Promise<Artefact> {
  const path = resolveProgram(program[0] ?? '');
  const kind = programKind(path);
  const log = new SnapshotLog();
  const run = await runValgrind(
    program,
    {
      tool: 'massif',
      outFile: '--massif-out-file',
      // So it tells when it takes a snapshot; once more, and it would tell each allocation
      args: ['-v', '-v', ...massifArguments(massif)],
      followChildren: massif.traceChildren ?? kind === 'script',
    },
    { ...options, tick: (elapsed, logPath) => options.progress(elapsed, log.read(logPath)) },
  );
  const unseen =
    massif.pagesAsHeap === true ? [] : [...nodeNotes(kind, 'massif', ALL_PAGES), ...staticNotes(path, 'massif')];
  return {
    collector: 'massif',
    format: 'massif',
    ...run,
    notes: [...run.notes, ...unseen],
  };
}

/** The options as valgrind spells them. */
function massifArguments(options: MassifOptions): string[] {
  const { threshold, depth, timeUnit, heap, heapAdmin, stacks, pagesAsHeap } = options;
  const { peakInaccuracy, detailedFreq, maxSnapshots, allocFn = [], ignoreFn = [] } = options;
  const yesNo = (value: boolean | undefined): string | undefined =>
    value === undefined ? undefined : value ? 'yes' : 'no';
  const given: readonly (readonly [string, string | number | undefined])[] = [
    ['heap', yesNo(heap)],
    ['heap-admin', heapAdmin],
    ['stacks', yesNo(stacks)],
    ['pages-as-heap', yesNo(pagesAsHeap)],
    ['depth', depth],
    ['threshold', threshold],
    ['peak-inaccuracy', peakInaccuracy],
    ['time-unit', timeUnit],
    ['detailed-freq', detailedFreq],
    ['max-snapshots', maxSnapshots],
    ...allocFn.map((name) => ['alloc-fn', name] as const),
    ...ignoreFn.map((name) => ['ignore-fn', name] as const),
  ];
  return given.filter(([, value]) => value !== undefined).map(([name, value]) => `--${name}=${value}`);
}

/** `Massif:   alloc S. 12 (t:136814, hp:1000, ex:16, st:0)`; after a cull what is left is told again. */
const TAKEN = /Massif: +(?!post-cull)\S+ S\S? +\d+ \(t:\d+, hp:(\d+), ex:(\d+), st:(\d+)\)/g;
const MOST_A_TIME = 1 << 20;

/** Follows valgrind's log while it grows. */
class SnapshotLog {
  private at = 0;
  private rest = '';
  private taken = 0;
  private bytes = 0;
  private readonly room = Buffer.allocUnsafe(MOST_A_TIME);

  /** @returns `12 snapshots, heap 1.2 MiB` */
  read(path: string): string {
    const text = this.rest + this.next(path);
    const end = text.lastIndexOf('\n') + 1;
    this.rest = text.slice(end);
    for (const [, heap, extra, stacks] of text.slice(0, end).matchAll(TAKEN)) {
      this.taken++;
      this.bytes = Number(heap) + Number(extra) + Number(stacks);
    }
    if (this.taken === 0) return 'massif starts: programs run some 6 times slower';
    return `${this.taken} ${this.taken === 1 ? 'snapshot' : 'snapshots'}, heap ${formatValue(this.bytes, 'bytes')}`;
  }

  private next(path: string): string {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      // It is not there yet
      return '';
    }
    try {
      const length = readSync(file, this.room, 0, MOST_A_TIME, this.at);
      this.at += length;
      return this.room.toString('latin1', 0, length);
    } finally {
      closeSync(file);
    }
  }
}
