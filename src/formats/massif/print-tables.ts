import { commas, fixedAsC } from '../../profile/c-numbers.ts';
import type { MassifHeader, MassifNode, MassifSnapshot, MassifVisitor } from './scan.ts';
import { Spool } from './spool.ts';

const RULE = '-'.repeat(80);

/**
 * The tables that valgrind's ms_print prints below its graph, byte for byte: a row a snapshot, and the tree of each
 * detailed one down to a threshold. Texts are bytes as characters (latin1).
 */
export class PrintedTables implements MassifVisitor {
  readonly spool = new Spool();
  /** How many names were cut, as ms_print takes `#` for the start of a comment. */
  cutNames = 0;
  private readonly threshold: number;
  private readonly fullNames: boolean;
  private header: string | undefined;
  /** A tree was printed, and the titles stand below it again once there are more snapshots. */
  private titlesDue = true;
  private total = 0;
  /** By depth: what is known of the nodes that are open. */
  private readonly childPrefix: string[] = [];
  private readonly left: number[] = [];
  private readonly printed: boolean[] = [];
  private readonly foldedPlaces: number[] = [];
  private readonly foldedBytes: number[] = [];

  /**
   * @param threshold percent of the snapshot's total below which nodes are not printed
   * @param fullNames print what ms_print cuts
   */
  constructor(threshold: number, fullNames: boolean) {
    this.threshold = threshold;
    this.fullNames = fullNames;
  }

  snapshot({ number, timeText, heap, extra, stacks }: MassifSnapshot, { timeUnit }: MassifHeader): void {
    // heaptrack_print, which measures in seconds, says so at the end
    this.header ??= titles(timeUnit ?? 's');
    this.total = heap + extra + stacks;
    const cells = [timeText, this.total, heap, extra, stacks].map((cell) => commas(String(cell)));
    if (this.titlesDue) this.spool.add(this.header);
    this.titlesDue = false;
    this.spool.add(row(String(number), ...(cells as [string, string, string, string, string])));
  }

  node(node: MassifNode): void {
    const { depth, children, size } = node;
    const { total, threshold, left } = this;
    const printed = depth === 0 || threshold === 0 || (total !== 0 && (size * 100) / total >= threshold);
    const prefix = depth === 0 ? '' : this.childPrefix[depth - 1]!;
    if (depth > 0) {
      left[depth - 1] = left[depth - 1]! - 1;
      if (!printed) {
        this.foldedPlaces[depth - 1] = this.foldedPlaces[depth - 1]! + 1;
        this.foldedBytes[depth - 1] = this.foldedBytes[depth - 1]! + size;
      }
    }
    // Below the last of several children no line leads on
    const inner = depth === 0 ? '' : prefix + (left[depth - 1] === 0 ? '  ' : '| ');
    if (printed) this.print(node, depth === 0 ? '' : `${prefix}->`);
    if (children > 0) {
      this.childPrefix[depth] = inner;
      left[depth] = children;
      this.printed[depth] = printed;
      this.foldedPlaces[depth] = 0;
      this.foldedBytes[depth] = 0;
      return;
    }
    if (printed) this.spool.add(`${inner}\n`);
    for (let open = depth - 1; open >= 0 && left[open] === 0; open--) this.close(open);
  }

  treeEnd(): void {
    this.titlesDue = true;
  }

  breathe(): Promise<void> {
    return this.spool.breathe();
  }

  private print({ size, text, from, to }: MassifNode, start: string): void {
    let details = text.toString('latin1', from, to);
    const cut = details.indexOf('#');
    if (cut >= 0 && !this.fullNames) {
      details = details.slice(0, cut);
      this.cutNames++;
    }
    this.spool.add(`${start}${this.percent(size)} (${commas(String(size))}B)${details}\n`);
  }

  private close(depth: number): void {
    const places = this.foldedPlaces[depth]!;
    if (!this.printed[depth] || places === 0) return;
    const prefix = this.childPrefix[depth]!;
    const bytes = this.foldedBytes[depth]!;
    const limit = `${fixedAsC(this.threshold, 2).padStart(5, '0')}%`;
    this.spool.add(
      `${prefix}->${this.percent(bytes)} (${commas(String(bytes))}B) in ${places}+ places, ` +
        `all below ms_print's threshold (${limit})\n${prefix}\n`,
    );
  }

  private percent(bytes: number): string {
    return `${fixedAsC(this.total === 0 ? 0 : (100 * bytes) / this.total, 2).padStart(5, '0')}%`;
  }
}

function titles(timeUnit: string): string {
  const names = row('n', `time(${timeUnit})`, 'total(B)', 'useful-heap(B)', 'extra-heap(B)', 'stacks(B)');
  return `${RULE}\n${names}${RULE}\n`;
}

function row(n: string, time: string, total: string, heap: string, extra: string, stacks: string): string {
  const cells = [n.padStart(3), time.padStart(14), total.padStart(16), heap.padStart(16), extra.padStart(13)];
  return `${cells.join(' ')} ${stacks.padStart(12)}\n`;
}
