import type { FrameWords } from '../../profile/builder.ts';
import { Float64Column, Int32Column } from '../../profile/columns.ts';
import { ALLOCATORS } from '../../profile/heap-frames.ts';
import { DETAILS, type HeapHistory, type SiteTable, type SnapshotTable } from '../../profile/heap-history.ts';
import type { ValueType } from '../../profile/profile.ts';
import { eventOf, type MassifLabels } from './labels.ts';
import type { MassifHeader, MassifNode, MassifSnapshot, MassifVisitor } from './scan.ts';

const DETAIL_OF = { empty: 'none', detailed: 'detailed', peak: 'peak' } as const;

/** Collects the snapshots, and of each tree who wanted the memory; of the trees themselves nothing is kept. */
export class HistoryReader implements MassifVisitor {
  private readonly labels: MassifLabels;
  private readonly number = new Float64Column();
  private readonly time = new Float64Column();
  private readonly heap = new Float64Column();
  private readonly extra = new Float64Column();
  private readonly stacks = new Float64Column();
  private readonly detail = new Int32Column();
  private readonly sites = new Sites();
  private readonly events = new Map<number, ValueType>();
  private readonly siteSnapshot = new Int32Column();
  private readonly site = new Int32Column();
  private readonly siteBytes = new Float64Column();
  /** By depth, of the nodes above the one that comes: their site and how much of their size no child has taken. */
  private readonly openSite: number[] = [];
  private readonly openLeft: number[] = [];
  /** How many nodes from the top on are open and are library code, which is not who wanted the memory. */
  private open = 0;
  /** By site: bytes in this tree. */
  private tree = new Map<number, number>();

  constructor(labels: MassifLabels) {
    this.labels = labels;
  }

  snapshot(snapshot: MassifSnapshot): void {
    this.number.push(snapshot.number);
    this.time.push(snapshot.time);
    this.heap.push(snapshot.heap);
    this.extra.push(snapshot.extra);
    this.stacks.push(snapshot.stacks);
    this.detail.push(DETAILS.indexOf(DETAIL_OF[snapshot.tree]));
  }

  node(node: MassifNode): void {
    const { depth, size } = node;
    // Callers of whoever wanted the memory
    if (depth > this.open) return;
    this.close(depth);
    if (depth > 0) this.openLeft[depth - 1] = this.openLeft[depth - 1]! - size;
    if (depth === 0) {
      const event = eventOf(node.text.toString('utf8', node.from, node.to).trim());
      if (event !== undefined) this.events.set(this.number.length - 1, event);
      this.openNode(depth, this.sites.number(ALLOCATORS), size);
      return;
    }
    const { words, plumbing } = this.labels.at(this.labels.number(node));
    const site = this.sites.number(words);
    if (plumbing && node.children > 0) this.openNode(depth, site, size);
    else this.add(site, size);
  }

  treeEnd(): void {
    this.close(0);
    const row = this.number.length - 1;
    for (const [site, bytes] of this.tree) {
      this.siteSnapshot.push(row);
      this.site.push(site);
      this.siteBytes.push(bytes);
    }
    this.tree = new Map();
  }

  end(header: MassifHeader): HeapHistory {
    return {
      command: textOf(header.command ?? ''),
      description: textOf(header.description).trim(),
      timeUnit: header.timeUnit ?? '',
      snapshots: this.snapshotTable(),
      sites: this.siteTable(),
      events: this.events,
    };
  }

  private snapshotTable(): SnapshotTable {
    return {
      length: this.number.length,
      number: this.number.toArray(),
      time: this.time.toArray(),
      heap: this.heap.toArray(),
      extra: this.extra.toArray(),
      stacks: this.stacks.toArray(),
      detail: Uint8Array.from(this.detail.toArray()),
    };
  }

  private siteTable(): SiteTable {
    return {
      sites: this.sites.words,
      snapshot: this.siteSnapshot.toArray(),
      site: this.site.toArray(),
      bytes: this.siteBytes.toArray(),
    };
  }

  private openNode(depth: number, site: number, size: number): void {
    this.openSite[depth] = site;
    this.openLeft[depth] = size;
    this.open = depth + 1;
  }

  /** What no caller of the open nodes from `depth` on has taken is theirs. */
  private close(depth: number): void {
    while (this.open > depth) {
      this.open--;
      this.add(this.openSite[this.open]!, this.openLeft[this.open]!);
    }
  }

  private add(site: number, bytes: number): void {
    if (bytes > 0) this.tree.set(site, (this.tree.get(site) ?? 0) + bytes);
  }
}

/** Sites by number: equal words are one. */
class Sites {
  readonly words: FrameWords[] = [];
  private readonly known = new Map<string, number>();

  number(words: FrameWords): number {
    const key = `${words.name}\0${words.file ?? ''}\0${words.line ?? 0}\0${words.module ?? ''}`;
    let number = this.known.get(key);
    if (number === undefined) {
      number = this.words.push(words) - 1;
      this.known.set(key, number);
    }
    return number;
  }
}

/** Bytes that came as characters are UTF-8, as file names mostly are. */
function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
