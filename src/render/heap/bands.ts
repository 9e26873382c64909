import type { FrameWords } from '../../profile/builder.ts';
import { BELOW_THRESHOLD, EXTRA_HEAP, STACKS, UNKNOWN_HEAP } from '../../profile/heap-frames.ts';
import { DETAILS, type HeapHistory } from '../../profile/heap-history.ts';

/** One layer of the chart. */
export interface Band {
  readonly site: FrameWords;
  readonly color: string;
  /** Bytes by snapshot. */
  readonly values: Float64Array;
}

/** Told apart in the light and in the dark, side by side; sites first, then what is no site. */
const SITE_COLORS = [
  '#4e79a7',
  '#f28e2b',
  '#59a14f',
  '#e15759',
  '#b07aa1',
  '#76b7b2',
  '#edc948',
  '#9c755f',
  '#ff9da7',
  '#86bc86',
];
const OTHER_COLOR = '#a9adb8';
const BELOW_COLOR = '#c9ccd4';
const UNKNOWN_COLOR = '#8fa3bf';
const EXTRA_COLOR = '#7d818c';
const STACKS_COLOR = '#5a5e69';
const BELOW = BELOW_THRESHOLD.name;

/** What a site is called in all histories of a program. */
function keyOf({ name, file = '', line = 0, module = '' }: FrameWords): string {
  return `${name}\0${file}\0${line}\0${module}`;
}

/** The sites of one or more histories by the most that each ever held, the largest first. */
export function rankedSites(histories: readonly HeapHistory[]): string[] {
  const most = new Map<string, number>();
  for (const { sites } of histories) {
    const keys = sites.sites.map(keyOf);
    for (let i = 0; i < sites.site.length; i++) {
      const at = sites.site[i]!;
      if (sites.sites[at]!.name === BELOW) continue;
      most.set(keys[at]!, Math.max(most.get(keys[at]!) ?? 0, sites.bytes[i]!));
    }
  }
  return [...most].sort((a, b) => b[1] - a[1]).map(([key]) => key);
}

/**
 * The heap by who allocated it, the largest sites each in a band of its own, bottom first. Massif keeps details of some
 * snapshots only; between two of them the shares of sites are interpolated, while the sum is as it was measured.
 * @param ranking of {@link rankedSites}: which sites have a band, and which colour
 */
export function bandsOf(history: HeapHistory, ranking: readonly string[] = rankedSites([history])): Band[] {
  const { snapshots } = history;
  const { length } = snapshots;
  const { sites, site, snapshot, bytes } = history.sites;
  // A band that stands for a single site might as well name it
  const named = ranking.length > SITE_COLORS.length + 1 ? ranking.slice(0, SITE_COLORS.length) : ranking;
  const rank = new Map(named.map((key, i) => [key, i]));
  const layer = (words: FrameWords, color: string): Band => ({ site: words, color, values: new Float64Array(length) });
  const own: (Band | undefined)[] = named.map(() => undefined);
  const bandOf = sites.map((words) => {
    const at = rank.get(keyOf(words));
    if (at === undefined) return undefined;
    own[at] ??= layer(words, SITE_COLORS[at] ?? OTHER_COLOR);
    return own[at];
  });
  const others = sites.filter((words, i) => bandOf[i] === undefined && words.name !== BELOW).length;
  const other = layer({ name: `[${others} other sites]` }, OTHER_COLOR);
  const below = layer(BELOW_THRESHOLD, BELOW_COLOR);
  const unknown = layer(UNKNOWN_HEAP, UNKNOWN_COLOR);
  for (let i = 0; i < site.length; i++) {
    const band = bandOf[site[i]!] ?? (sites[site[i]!]!.name === BELOW ? below : other);
    band.values[snapshot[i]!] = band.values[snapshot[i]!]! + bytes[i]!;
  }
  const heap = [...own.filter((band) => band !== undefined), other, below, unknown];
  fillBetween(history, heap, unknown);
  const extra: Band = { site: EXTRA_HEAP, color: EXTRA_COLOR, values: snapshots.extra };
  const stacks: Band = { site: STACKS, color: STACKS_COLOR, values: snapshots.stacks };
  return [...heap, extra, stacks].filter(({ values }) => values.some((value) => value > 0));
}

/** Gives snapshots without details the shares of their neighbours; what no share is known of is `unknown`. */
function fillBetween({ snapshots }: HeapHistory, bands: readonly Band[], unknown: Band): void {
  const { length, heap, time, detail } = snapshots;
  let before = -1;
  let after = nextDetailed(0);
  for (let row = 0; row < length; row++) {
    if (isDetailed(row)) {
      before = row;
      after = nextDetailed(row + 1);
      const placed = bands.reduce((sum, { values }) => sum + values[row]!, 0);
      unknown.values[row] = unknown.values[row]! + Math.max(0, heap[row]! - placed);
      continue;
    }
    const left = before < 0 ? after : before;
    const right = after < 0 ? before : after;
    if (left < 0) {
      unknown.values[row] = heap[row]!;
      continue;
    }
    const span = time[right]! - time[left]!;
    const part = span > 0 ? (time[row]! - time[left]!) / span : 0;
    for (const { values } of bands) {
      const share = (1 - part) * (values[left]! / heap[left]!) + part * (values[right]! / heap[right]!);
      values[row] = share * heap[row]!;
    }
  }

  /** An empty heap has no shares. */
  function isDetailed(row: number): boolean {
    return DETAILS[detail[row]!] !== 'none' && heap[row]! > 0;
  }

  function nextDetailed(from: number): number {
    for (let row = from; row < length; row++) if (isDetailed(row)) return row;
    return -1;
  }
}
