import { DETAILS, type HeapHistory, landmarks } from '../../profile/heap-history.ts';
import { type GraphSize, snapshotGraph } from './snapshot-graph.ts';

const RULE = `${'-'.repeat(80)}\n`;

/** What stands above the graph; texts are printed as they are. */
export interface MsPrintTitle {
  readonly command: string;
  /** The text of the file's `desc:` lines, each with its line end. */
  readonly description: string;
  readonly timeUnit: string;
  /** The words ms_print would have been called with. */
  readonly words: readonly string[];
}

/** What ms_print prints above its tables: titles, graph, numbers of the snapshots. */
export function msPrintHead(title: MsPrintTitle, history: HeapHistory, size: GraphSize): string {
  // ms_print takes `#` for the start of a comment wherever it stands
  const command = title.command.replace(/#.*/, '');
  const description = title.description.replace(/#.*/g, '');
  const { snapshots } = history;
  const { marked } = landmarks(history);
  const peak = marked < 0 ? -1 : snapshots.number[marked]!;
  const detailed: string[] = [];
  for (let i = 0; i < snapshots.length; i++) {
    if (DETAILS[snapshots.detail[i]!] !== 'none') detailed.push(i === peak ? `${i} (peak)` : String(i));
  }
  return [
    RULE,
    `Command:            ${command}\n`,
    `Massif arguments:  ${description}`,
    `ms_print arguments:${title.words.map((word) => ` ${word}`).join('')}\n`,
    RULE,
    '\n\n',
    snapshotGraph(snapshots, title.timeUnit, peak, size),
    '\n',
    `Number of snapshots: ${snapshots.length}\n`,
    ` Detailed snapshots: [${detailed.join(', ')}]\n\n`,
  ].join('');
}
