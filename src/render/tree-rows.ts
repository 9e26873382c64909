import { callTree } from '../profile/call-tree.ts';
import { defaultValueIndex, KINDS, type Kind, type Profile } from '../profile/profile.ts';

export interface TreeOptions {
  /** Subtrees below this share of the whole weight are left out, in percent. Default 0.5. */
  readonly minPercent?: number;
  /** Index into `valueTypes`. Default: the profile's default. */
  readonly valueIndex?: number;
}

/** One node of the call tree. Callers come before callees, siblings heaviest first. */
export interface TreeRow {
  /** The caller's row, -1 for a root. */
  readonly parent: number;
  /** 0 for a root. */
  readonly depth: number;
  /** Whether no sibling follows. */
  readonly last: boolean;
  readonly name: string;
  /** '' = unknown. */
  readonly file: string;
  /** 1-based; 0 = unknown. */
  readonly line: number;
  /** '' = unknown. */
  readonly module: string;
  readonly kind: Kind;
  readonly self: number;
  readonly total: number;
}

/** The call tree as rows, in preorder; without recursion, however deep it is. */
export function treeRows(profile: Profile, options: TreeOptions = {}): TreeRow[] {
  const tree = callTree(profile, {
    valueIndex: options.valueIndex ?? defaultValueIndex(profile),
    minFraction: (options.minPercent ?? 0.5) / 100,
  });
  const { strings, frames } = profile;
  // Pushed lightest first, so that the heaviest stands on top of the pile.
  const lightestFirst = Array.from({ length: tree.length }, (_, node) => node).sort(
    (a, b) => tree.total[a]! - tree.total[b]! || b - a,
  );
  const children = new Map<number, number[]>();
  for (const node of lightestFirst) {
    const siblings = children.get(tree.parent[node]!);
    if (siblings === undefined) children.set(tree.parent[node]!, [node]);
    else siblings.push(node);
  }
  const rows: TreeRow[] = [];
  const pile = (children.get(-1) ?? []).map((node) => ({ node, parent: -1 }));
  for (let next = pile.pop(); next !== undefined; next = pile.pop()) {
    const { node, parent } = next;
    const frame = tree.frame[node]!;
    rows.push({
      parent,
      depth: tree.depth[node]!,
      last: children.get(tree.parent[node]!)![0] === node,
      name: strings[frames.name[frame]!]!,
      file: strings[frames.file[frame]!]!,
      line: frames.line[frame]!,
      module: strings[frames.module[frame]!]!,
      kind: KINDS[frames.kind[frame]!]!,
      self: tree.self[node]!,
      total: tree.total[node]!,
    });
    const row = rows.length - 1;
    for (const child of children.get(node) ?? []) pile.push({ node: child, parent: row });
  }
  return rows;
}
