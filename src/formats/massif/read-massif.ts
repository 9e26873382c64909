import type { HeapHistory, SnapshotChoice } from '../../profile/heap-history.ts';
import type { Input } from '../format.ts';
import { HistoryReader } from './history.ts';
import { type HeapTree, TreeKeeper } from './kept-tree.ts';
import { MassifLabels } from './labels.ts';
import { PrintedTables } from './print-tables.ts';
import { type MassifHeader, type MassifVisitor, scanMassif } from './scan.ts';

/** What is wanted of a massif file; what is not asked for costs nothing. */
export interface MassifWishes {
  /** The tables of ms_print. */
  readonly tables?: { readonly threshold: number; readonly fullNames: boolean };
  /** The tree of a snapshot. */
  readonly tree?: SnapshotChoice;
}

export interface MassifFile {
  readonly header: MassifHeader;
  readonly history: HeapHistory;
  readonly labels: MassifLabels;
  readonly tables: PrintedTables | undefined;
  /** undefined where the snapshot has no details, or is not there. */
  readonly tree: HeapTree | undefined;
}

/**
 * Reads a massif file once from start to end.
 * @throws {FormatError} with the line: it is no massif file, or is cut off
 */
export async function readMassif(input: Input, wishes: MassifWishes): Promise<MassifFile> {
  const labels = new MassifLabels();
  const history = new HistoryReader(labels);
  const tables = wishes.tables && new PrintedTables(wishes.tables.threshold, wishes.tables.fullNames);
  const keeper = wishes.tree === undefined ? undefined : new TreeKeeper(labels, wishes.tree);
  try {
    const header = await scanMassif(input, together([history, tables, keeper]));
    return { header, history: history.end(header), labels, tables, tree: keeper?.kept };
  } catch (error) {
    await tables?.spool.dispose();
    throw error;
  }
}

function together(all: readonly (MassifVisitor | undefined)[]): MassifVisitor {
  const visitors = all.filter((visitor) => visitor !== undefined);
  return {
    snapshot: (snapshot, header) => {
      for (const visitor of visitors) visitor.snapshot(snapshot, header);
    },
    node: (node) => {
      for (let i = 0; i < visitors.length; i++) visitors[i]!.node(node);
    },
    treeEnd: () => {
      for (const visitor of visitors) visitor.treeEnd();
    },
    breathe: async () => {
      for (const visitor of visitors) await visitor.breathe?.();
    },
  };
}
