import { UserError } from '../../errors.ts';
import { type Input, Notes } from '../../formats/format.ts';
import { readHeapSnapshot } from '../../formats/heapsnapshot/read-snapshot.ts';
import { openInput } from '../../formats/input.ts';
import { detectFormat } from '../../formats/registry.ts';
import { classesOf, type HeapClasses } from '../../heap/classes.ts';
import { analyseHeap } from '../../heap/dominators.ts';
import { objectWords } from '../../heap/object-words.ts';
import type { AnalysedSnapshot } from '../../render/heap-snapshot/snapshot-report.ts';
import type { Progress } from '../../terminal/progress.ts';
import { tuneEngine } from '../../tune-engine.ts';
import type { World } from '../../world.ts';
import { standardInput } from '../inputs/read-inputs.ts';

/**
 * Opens a file that must be a heap snapshot.
 * @throws {UserError} it cannot be read, or is something else
 */
export async function openSnapshot(path: string, world: World): Promise<Input> {
  const input = await openInput(path, standardInput(path, world));
  const format = detectFormat(input);
  if (format.id === 'heapsnapshot') return input;
  throw new UserError(`${input.name} is ${format.title}, no heap snapshot`, {
    hint: `pforge-prof flame ${path} draws it`,
  });
}

/**
 * Reads a snapshot and works out what reports need.
 * @param interfaces those of another snapshot that it is compared with, so that plain objects have the same names
 * @throws {FormatError} it is broken
 */
export async function analysed(
  input: Input,
  progress: Progress,
  interfaces?: HeapClasses['interfaces'],
): Promise<AnalysedSnapshot> {
  tuneEngine();
  const notes = new Notes();
  progress.show(`reading ${input.name}`);
  const graph = await readHeapSnapshot(input, notes);
  progress.show(`${input.name}: ${graph.nodeCount.toLocaleString('en')} objects`);
  const analysis = analyseHeap(graph);
  const classes = classesOf(graph, interfaces);
  progress.end();
  return { name: input.name, graph, analysis, classes, words: objectWords(graph), notes: notes.list };
}
