import { type ClassTotals, classTotals } from '../../heap/classes.ts';
import { SYSTEM_DISTANCE } from '../../heap/distances.ts';
import { heapFindings } from '../../heap/findings.ts';
import { largestObjects, typeTotals } from '../../heap/largest.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd, shortenMiddle } from '../../terminal/string-width.ts';
import { layOutColumns } from '../dhat/columns-text.ts';
import { findingLines } from './findings-text.ts';
import { type Colors, fullLook, type HeapLook } from './look.ts';
import { objectLabel } from './object-label.ts';
import type { AnalysedSnapshot } from './snapshot-report.ts';

/** Objects that hold most are told up to so many. */
const MOST_LARGE = 10;
/** ... and down to this share of the heap. */
const LEAST_LARGE = 0.01;

/** What a snapshot holds: by type, by constructor, the objects that hold most, and what stands out. */
export function summaryText(snapshot: AnalysedSnapshot, look: HeapLook): string {
  const { width, limit, colors } = fullLook(look);
  const { graph, analysis, classes } = snapshot;
  const total = analysis.retainedSize[graph.root]!;
  const totals = classTotals(graph, analysis, classes);
  const lines = [
    colors.bold(shortenMiddle(headline(snapshot, total), width)),
    '',
    ...typeLines(snapshot, width, colors),
    '',
    ...classLines(totals, total, limit, width, colors),
  ];
  const large = largestObjects(graph, analysis, MOST_LARGE).filter(({ retained }) => retained >= total * LEAST_LARGE);
  if (large.length > 0) {
    const rows = large.map(({ node, shallow, retained, heldAs }) => ({
      cells: [formatValue(retained, 'bytes'), formatPercent(retained, total), formatValue(shallow, 'bytes')],
      label: objectLabel(graph, snapshot.words, node, heldAs),
    }));
    const [titles, ...table] = layOutColumns(['Retained', 'Share', 'Shallow'], 'Object that holds much', rows, width);
    lines.push('', colors.dim(titles!), ...table);
  }
  for (const finding of heapFindings(graph, analysis, classes)) {
    lines.push('', ...findingLines(snapshot, finding, width, colors));
  }
  return `${lines.join('\n')}\n`;
}

function headline({ name, graph }: AnalysedSnapshot, total: number): string {
  const size = formatValue(total, 'bytes');
  return escapeTerminal(
    `${name}: ${size} in ${groupDigits(graph.nodeCount)} objects, ${groupDigits(graph.edgeCount)} references`,
  );
}

function typeLines({ graph }: AnalysedSnapshot, width: number, colors: Colors): string[] {
  const types = typeTotals(graph).filter(({ shallow }) => shallow > 0);
  const total = types.reduce((sum, { shallow }) => sum + shallow, 0);
  const rows = types.map(({ type, count, shallow }) => ({
    cells: [formatValue(shallow, 'bytes'), formatPercent(shallow, total), groupDigits(count)],
    label: escapeTerminal(TYPE_WORDS.get(type) ?? type),
  }));
  const [titles, ...table] = layOutColumns(['Bytes', 'Share', 'Objects'], 'Type', rows, width);
  return [colors.dim(titles!), ...table];
}

const TYPE_WORDS: ReadonlyMap<string, string> = new Map([
  ['object', 'objects'],
  ['closure', 'functions'],
  ['string', 'strings'],
  ['array', 'arrays of V8: elements, properties, tables of Maps'],
  ['code', 'compiled code and what belongs to it'],
  ['object shape', 'object shapes'],
  ['hidden', 'what V8 keeps for itself'],
  ['native', 'native objects'],
  ['number', 'numbers on the heap'],
  ['bigint', 'bigints'],
  ['symbol', 'symbols'],
  ['regexp', 'regular expressions'],
  ['synthetic', 'roots'],
]);

function classLines(
  totals: readonly ClassTotals[],
  total: number,
  limit: number,
  width: number,
  colors: Colors,
): string[] {
  const shown = totals.slice(0, limit);
  const rows = shown.map(({ name, count, shallow, retained, distance }) => ({
    cells: [
      formatValue(retained, 'bytes'),
      formatPercent(retained, total),
      formatValue(shallow, 'bytes'),
      groupDigits(count),
      distance >= SYSTEM_DISTANCE || distance < 0 ? '-' : String(distance),
    ],
    label: escapeTerminal(name),
  }));
  const names = ['Retained', 'Share', 'Shallow', 'Count', 'Distance'];
  const [titles, ...table] = layOutColumns(names, 'Constructor', rows, width);
  const lines = [colors.dim(titles!), ...table];
  if (totals.length > shown.length) {
    const rest = totals.slice(limit).reduce((sum, { shallow }) => sum + shallow, 0);
    const more = `... ${groupDigits(totals.length - shown.length)} more: ${formatValue(rest, 'bytes')} shallow`;
    lines.push(colors.dim(shortenEnd(more, width)));
  }
  return lines;
}
