import type { CallTree } from '../../../../profile/call-tree.ts';
import { VERDICTS, type Verdict } from '../../../../profile/diff/comparison.ts';
import { labelRanks } from '../../../../profile/label-ranks.ts';
import type { Profile } from '../../../../profile/profile.ts';
import { type Hits, searchFrames } from '../../../html/app/search.ts';
import { DiffNumbers } from '../../diff-numbers.ts';
import { type DiffTree, diffTree, edgesOf, weightsOf } from '../../diff-tree.ts';
import type { Widths } from '../../widths.ts';
import type { DiffPageData } from './decode.ts';

/** What has changed: how wide frames are, what is searched for, or the function that is looked at. */
export type DiffChange = 'widths' | 'search' | 'function';

/** What a person chose, for all views at once. */
export interface DiffChoice {
  readonly widths: Widths;
  /** '' = no search. */
  readonly term: string;
  /** The verdict that is singled out. */
  readonly verdict: Verdict | undefined;
}

/** One function of the comparison. */
export interface FunctionRow {
  readonly index: number;
  readonly frame: number;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly module: string;
  readonly before: number;
  readonly after: number;
  readonly selfBefore: number;
  readonly selfAfter: number;
  /** The change as a part of the whole, and its interval; NaN where nothing was tested. */
  readonly share: number;
  readonly low: number;
  readonly high: number;
  /** Index into VERDICTS. */
  readonly verdict: number;
}

/** Holds what was chosen and what follows from it. */
export class DiffStore {
  readonly data: DiffPageData;
  readonly numbers: DiffNumbers;
  readonly functions: readonly FunctionRow[];
  readonly tree: DiffTree;
  private chosen: DiffChoice;
  private looked: FunctionRow | undefined;
  private found: Hits | undefined;
  private readonly listeners: ((change: DiffChange) => void)[] = [];
  private readonly views = new Map<Widths, CallTree>();
  private readonly rowOfFrame: Int32Array;

  constructor(data: DiffPageData) {
    this.data = data;
    const { page, profile } = data;
    this.numbers = new DiffNumbers({
      before: page.before.total,
      after: page.after.total,
      cuts: [page.before.cut, page.after.cut],
      ratio: page.ratio,
      inShares: page.inShares,
      unit: page.display,
    });
    this.functions = functionRows(data, this.numbers);
    this.tree = diffTree({ profile, scale: page.ratio });
    this.chosen = { widths: page.widths, term: '', verdict: undefined };
    this.rowOfFrame = new Int32Array(profile.frames.length).fill(-1);
    const byLabel = new Map<number, number>();
    const rank = labelRanks(profile);
    for (const { frame, index } of this.functions) byLabel.set(rank[frame]!, index);
    for (let frame = 0; frame < rank.length; frame++) this.rowOfFrame[frame] = byLabel.get(rank[frame]!) ?? -1;
    if (page.search !== '') this.choose({ term: page.search });
  }

  get choice(): DiffChoice {
    return this.chosen;
  }

  onChange(listener: (change: DiffChange) => void): void {
    this.listeners.push(listener);
  }

  choose(part: Partial<DiffChoice>): void {
    const before = this.chosen;
    this.chosen = { ...before, ...part };
    const { widths, term, verdict } = this.chosen;
    if (term !== before.term) this.found = term === '' ? undefined : searchFrames(this.data.profile, term);
    if (term !== before.term || verdict !== before.verdict) this.tell('search');
    if (widths !== before.widths) this.tell('widths');
  }

  /** The function whose callers and callees are shown. */
  get function(): FunctionRow | undefined {
    return this.looked;
  }

  lookAt(row: FunctionRow | undefined): void {
    this.looked = row;
    this.tell('function');
  }

  /** The function of a frame. */
  functionOf(frame: number): FunctionRow | undefined {
    return this.functions[this.rowOfFrame[frame] ?? -1];
  }

  /** 1 for each frame of a function. */
  framesOf(row: FunctionRow): Uint8Array {
    return Uint8Array.from(this.rowOfFrame, (own) => (own === row.index ? 1 : 0));
  }

  /** undefined = nothing is searched for. */
  hits(): Hits | undefined {
    return this.found;
  }

  /** Of each node its verdict: an index into VERDICTS. */
  verdictOf(node: number): number {
    return this.data.paths.verdict[this.tree.path[node]!]!;
  }

  /** Which nodes are singled out; undefined = none. */
  isHit(): ((frame: number, node: number) => boolean) | undefined {
    const { verdict, term } = this.chosen;
    const hits = this.found;
    if (verdict === undefined && term === '') return undefined;
    const wanted = verdict === undefined ? -1 : VERDICTS.indexOf(verdict);
    return (frame, node) =>
      (hits === undefined || hits.frames[frame] === 1) && (wanted < 0 || this.verdictOf(node) === wanted);
  }

  /** The tree as wide as the chosen view has it. */
  view(): CallTree {
    const { widths } = this.chosen;
    let view = this.views.get(widths);
    if (view === undefined) {
      view = treeOfView(this.tree, widths);
      this.views.set(widths, view);
    }
    return view;
  }

  private tell(change: DiffChange): void {
    for (const listener of this.listeners) listener(change);
  }
}

/** The nodes of both sides, as wide as a view has them; those that weigh nothing in it are there too. */
export function treeOfView(tree: DiffTree, widths: Widths): CallTree {
  const weights = weightsOf(tree, widths);
  const { length, frame, parent, depth } = tree;
  let maxDepth = -1;
  for (let node = 0; node < length; node++) if (depth[node]! > maxDepth) maxDepth = depth[node]!;
  return { length, frame, parent, depth, maxDepth, start: edgesOf(tree, weights), ...weights, weight: weights.whole };
}

function functionRows({ functions, profile }: DiffPageData, numbers: DiffNumbers): FunctionRow[] {
  const { frames, strings }: Profile = profile;
  const { frame: frameOf, before, after, selfBefore, selfAfter, low, high, verdict } = functions;
  return Array.from(frameOf, (frame, index) => ({
    index,
    frame,
    name: strings[frames.name[frame]!]!,
    file: strings[frames.file[frame]!]!,
    line: frames.line[frame]!,
    module: strings[frames.module[frame]!]!,
    before: before[index]!,
    after: after[index]!,
    selfBefore: selfBefore[index]!,
    selfAfter: selfAfter[index]!,
    share: numbers.share(before[index]!, after[index]!),
    low: low[index]!,
    high: high[index]!,
    verdict: verdict[index]!,
  }));
}
