import type { HeapClasses } from '../../heap/classes.ts';
import type { HeapAnalysis } from '../../heap/dominators.ts';
import type { HeapGraph } from '../../heap/graph.ts';
import type { ObjectWords } from '../../heap/object-words.ts';

/** A snapshot with everything that was worked out of it, as reports need it. */
export interface AnalysedSnapshot {
  /** How messages call it. */
  readonly name: string;
  readonly graph: HeapGraph;
  readonly analysis: HeapAnalysis;
  readonly classes: HeapClasses;
  readonly words: ObjectWords;
  /** What was odd when it was read. */
  readonly notes: readonly string[];
}
