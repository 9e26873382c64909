import { edgeLabel, type HeapGraph } from './graph.ts';
import type { ObjectWords } from './object-words.ts';
import { isInternalNode, type PathStep } from './retaining-path.ts';

/** One object on the way to another, as people think of it: how the one above refers to it, and what it is. Raw texts. */
export interface PathLine {
  /** `.cache`, `[17]`, `sessions (variable)`, `(entry)`, `(bound this)`; '' for the first. */
  readonly reference: string;
  readonly name: string;
  readonly id: number;
  readonly place: string;
  /** Id of the scope whose variable the reference is; undefined where it is none. */
  readonly scope?: number;
  /** How many more such steps follow that are not told one by one: a list is as long as its path. */
  readonly skipped: number;
}

/** Steps of one kind in a row, or groups of steps, that are told one by one. */
const MOST_ALIKE = 3;
/** Steps of such a group: from one promise of a chain to the next it is five. */
const LONGEST_PERIOD = 8;
/** A way may be as long as a heap is large. Even. */
const MOST_LINES = 100;

/**
 * Tells a path. What V8 puts between objects is looked through: the table of a Map, the elements of an array, the scope
 * between a function and a variable.
 */
export function pathLines(graph: HeapGraph, words: ObjectWords, steps: readonly PathStep[]): PathLine[] {
  const isInternal = isInternalNode(graph);
  const lines: PathLine[] = [];
  let reference = '';
  let between: string | undefined;
  let scope: number | undefined;
  for (const [i, { node, edge }] of steps.entries()) {
    const isLast = i === steps.length - 1;
    const isScope = graph.nodeTypes[graph.nodeType[node]!] === 'object' && words.name(node) === 'Context';
    const passes = !isLast && i > 0 && (isInternal(node) || isScope);
    if (!passes) {
      const where = { name: words.name(node), id: graph.nodeId[node]!, place: words.place(node) };
      lines.push({ reference, ...where, ...(scope === undefined ? {} : { scope }), skipped: 0 });
      between = undefined;
      scope = undefined;
    } else if (!isScope) between = '(entry)';
    if (isScope) scope = graph.nodeId[node]!;
    if (edge >= 0) reference = between ?? referenceWords(graph, edge);
  }
  return withoutRepeats(lines);
}

const KNOWN_INTERNALS = new Map([
  ['bound_this', '(bound this)'],
  ['bound_function', '(bound function)'],
  ['bound_argument', '(bound argument)'],
  ['context', '(scope)'],
]);

function referenceWords(graph: HeapGraph, edge: number): string {
  const label = edgeLabel(graph, edge);
  switch (graph.edgeTypes[graph.edgeType[edge]!]) {
    case 'property':
      return /^[\w$]+$/.test(label)
        ? `.${label}`
        : /^<symbol .*>$/.test(label)
          ? `[${label.slice(1, -1)}]`
          : `[${JSON.stringify(label)}]`;
    case 'element':
      return `[${label}]`;
    case 'context':
      return `${label} (variable)`;
    default:
      return KNOWN_INTERNALS.get(label) ?? (/ pair in WeakMap \(/.test(label) ? '(value in WeakMap)' : `(${label})`);
  }
}

/** Steps that repeat are told once, and how often they do; of what is long nevertheless the two ends. */
function withoutRepeats(lines: readonly PathLine[]): PathLine[] {
  const kept: PathLine[] = [];
  const isAlike = (a: PathLine, b: PathLine): boolean => a.reference === b.reference && a.name === b.name;
  /** Lines from a place on that repeat those so far before them. */
  const repeated = (from: number, period: number): number => {
    let at = from + period;
    while (at < lines.length && isAlike(lines[at - period]!, lines[at]!)) at++;
    return at - from - period;
  };
  for (let i = 0; i < lines.length; ) {
    let period = 1;
    while (period <= LONGEST_PERIOD && repeated(i, period) < MOST_ALIKE * period) period++;
    if (period > LONGEST_PERIOD) {
      kept.push(lines[i++]!);
      continue;
    }
    const times = Math.floor(repeated(i, period) / period) + 1;
    const end = i + times * period;
    const last = i + period - 1;
    kept.push(...lines.slice(i, last), { ...lines[last]!, skipped: end - i - 2 * period });
    kept.push(...lines.slice(end - period, end));
    i = end;
  }
  if (kept.length <= MOST_LINES) return kept;
  const head = kept.slice(0, MOST_LINES / 2);
  const tail = kept.slice(-MOST_LINES / 2);
  const left = kept.slice(head.length - 1, -tail.length).reduce((sum, { skipped }) => sum + skipped, 0);
  const skipped = left + kept.length - head.length - tail.length;
  return [...head.slice(0, -1), { ...head.at(-1)!, skipped }, ...tail];
}
