import { EXIT, UserError } from '../../errors.ts';
import { compareClasses } from '../../heap/comparison.ts';
import { type GrowthLimits, growers } from '../../heap/growth.ts';
import { type KeptColumns, keptColumns } from '../../heap/kept-columns.ts';
import { leakSuspects } from '../../heap/suspects.ts';
import { openOutput } from '../../output.ts';
import { formatValue } from '../../profile/units.ts';
import { type HeapComparison, heapComparisonJson, heapComparisonText } from '../../render/heap-snapshot/diff-report.ts';
import type { AnalysedSnapshot } from '../../render/heap-snapshot/snapshot-report.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { World } from '../../world.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { wrote } from '../wrote.ts';
import type { HeapCommandOptions } from './options.ts';
import { analysed, openSnapshot } from './snapshot-file.ts';
import { textOrJson } from './text-format.ts';
import { askedViews, type HeapViewOptions } from './view-options.ts';

/** Snapshots of one process against each other: what came, what went, and what holds more each time. */
export function diffSnapshots(
  call: Call,
  paths: readonly string[],
  options: HeapCommandOptions & HeapViewOptions,
): Promise<number> {
  const { world, shared, program } = call;
  if (program !== undefined) {
    throw new UserError('heap diff runs no program', { hint: 'pforge-prof heap leak -- node app.js does' });
  }
  if (paths.length < 2) {
    throw new UserError('heap diff compares two snapshots or more', { hint: 'pforge-prof heap diff BEFORE AFTER' });
  }
  const [view] = askedViews(options);
  if (view !== undefined) throw new UserError(`${view} is a view of one snapshot`, { hint: 'leave it out' });
  const format = textOrJson(call, options, 'a comparison of snapshots');
  if (paths.filter((path) => path === '-').length > 1) throw new UserError('- is standard input: there is one');
  const output = openOutput(options.output ?? '-', world);
  return guarded(call, async (progress) => {
    const comparison = await compareFiles(paths, {}, world, progress);
    for (const note of comparison.notes) progress.say(`note: ${note}`);
    const { limit, color } = options;
    const look = { ...textLook(world, output.isStdout, color), ...(limit === undefined ? {} : { limit }) };
    const json = `${JSON.stringify(heapComparisonJson(comparison), null, 2)}\n`;
    const size = await output.write([format === 'json' ? json : heapComparisonText(comparison, look)]);
    if (!output.isStdout) progress.say(wrote(output, size));
    if (shared.json && format !== 'json') await openOutput('-', world).write([json]);
    return gate(comparison, options.failOnGrowth, progress);
  });
}

/**
 * Compares files, of which only the last is held as a whole.
 * @param paths in the order of time, at least two
 * @param limits what is suspected
 * @param names what reports call them
 * @throws {UserError} one is no snapshot, or they are of different processes
 */
export async function compareFiles(
  paths: readonly string[],
  limits: GrowthLimits,
  world: World,
  progress: Progress,
  names: readonly string[] = paths,
): Promise<HeapComparison> {
  // First, as the others are to name plain objects as it does
  const last = await analysed(await openSnapshot(paths.at(-1)!, world), progress);
  const columns: KeptColumns[] = [];
  const notes: string[] = [];
  for (const [i, path] of paths.slice(0, -1).entries()) {
    const snapshot = await analysed(await openSnapshot(path, world), progress, last.classes.interfaces);
    notes.push(...snapshot.notes);
    columns.push(columnsOf(snapshot, names[i]!));
  }
  columns.push(columnsOf(last, names.at(-1)!));
  notes.push(...last.notes);
  const before = columns[0]!;
  const after = columns.at(-1)!;
  notes.push(...strangers(columns));
  const found = growers(columns, limits);
  return {
    snapshots: columns.map(({ name, totalSize, id }) => ({ name, bytes: totalSize, nodes: id.length })),
    changes: compareClasses(before, after),
    suspects: leakSuspects(last.graph, last.analysis, last.words, found),
    notes: [...new Set(notes)],
  };
}

function columnsOf({ graph, analysis, classes }: AnalysedSnapshot, name: string): KeptColumns {
  return keptColumns(name, graph, analysis, classes);
}

/** In snapshots of one process an id is one object, so its class is the same, but for a few that V8 comes to know better. */
const LEAST_ALIKE = 0.98;

/** Of another process ids mean nothing: every process counts from 1. */
function strangers(columns: readonly KeptColumns[]): string[] {
  return columns.slice(1).flatMap((after, i) => {
    const before = columns[i]!;
    const { shared, alike } = sharedIds(before, after);
    if (shared > 0 && alike >= LEAST_ALIKE * shared) return [];
    return [
      `${before.name} and ${after.name} seem to be of different processes: only snapshots of one can be compared`,
    ];
  });
}

/** Objects with one id in both snapshots, and those of them whose class is the same too. */
function sharedIds(a: KeptColumns, b: KeptColumns): { readonly shared: number; readonly alike: number } {
  let shared = 0;
  let alike = 0;
  for (let i = 0, j = 0; i < a.byId.length && j < b.byId.length; ) {
    const left = a.byId[i]!;
    const right = b.byId[j]!;
    if (a.id[left] === b.id[right]) {
      shared++;
      if (a.classKeys[a.classOf[left]!] === b.classKeys[b.classOf[right]!]) alike++;
    }
    if (a.id[left]! <= b.id[right]!) i++;
    if (b.id[right]! <= a.id[left]!) j++;
  }
  return { shared, alike };
}

/** The heap as a whole counts: what came minus what went. */
function gate({ snapshots }: HeapComparison, most: number | undefined, progress: Progress): number {
  if (most === undefined) return EXIT.ok;
  const grown = snapshots.at(-1)!.bytes - snapshots[0]!.bytes;
  const failed = grown > most;
  const words = grown > 0 ? `the heap grew by ${formatValue(grown, 'bytes')}` : 'the heap did not grow';
  progress.say(`${failed ? 'failed' : 'passed'}: ${words}; ${formatValue(most, 'bytes')} are allowed`);
  return failed ? EXIT.gateFailed : EXIT.ok;
}
