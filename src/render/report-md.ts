import { callTree } from '../profile/call-tree.ts';
import { kindTotals } from '../profile/kind-totals.ts';
import { defaultValueIndex, type Kind, type Profile } from '../profile/profile.ts';
import { type TopRow, top } from '../profile/top.ts';
import { totalWeight } from '../profile/total.ts';
import { formatPercent, formatValue } from '../profile/units.ts';
import { nameOf, placeOf } from './frame-words.ts';
import { KIND_TITLES } from './kind-titles.ts';
import { codeSpan, plainText } from './markdown-escape.ts';
import type { Renderer } from './renderer.ts';
import { summaryOf } from './summary.ts';

export interface ReportMarkdownOptions {
  /** Rows of the table. Default 20. */
  readonly limit?: number;
  /** Index into `valueTypes`. Default: the profile's default. */
  readonly valueIndex?: number;
}

const PATHS = 5;
/** Frames of a path that are shown from its root and from its leaf. */
const SHOWN = { first: 2, last: 6 } as const;

/**
 * The profile as Markdown, short and complete enough to paste into a pull request or to hand to a language model: kinds,
 * hot functions with their places, hot paths, what to look at next. GitHub's dialect; names are inert.
 */
export const reportMarkdown: Renderer<ReportMarkdownOptions> = {
  id: 'md',
  title: 'report in Markdown, for pull requests and language models',
  extension: 'md',
  *render(profile, options) {
    const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
    const rows = top(profile, { valueIndex });
    const limit = options.limit ?? 20;
    yield '# Profile\n\n';
    yield `${[...summaryOf(profile, valueIndex), ...origin(profile)].map(plainText).join(', ')}.\n`;
    yield* kinds(profile, valueIndex);
    if (rows.length === 0) return;
    yield* hotFunctions(profile, valueIndex, rows.slice(0, limit));
    if (rows.length > limit) yield `\n${rows.length - limit} more functions are not in the table.\n`;
    yield* hotPaths(profile, valueIndex);
    yield* lookNext(profile, valueIndex, rows);
    if (profile.meta.notes.length > 0) yield '\n## Notes\n\n';
    for (const note of profile.meta.notes) yield `- ${plainText(note)}\n`;
  },
};

function origin({ meta }: Profile): string[] {
  return [
    ...(meta.tool === undefined ? [] : [`measured by ${meta.tool}`]),
    ...(meta.format === undefined ? [] : [`read as ${meta.format}`]),
    ...(meta.command === undefined ? [] : [`command: ${meta.command.join(' ')}`]),
  ];
}

function* kinds(profile: Profile, valueIndex: number): Iterable<string> {
  const whole = totalWeight(profile, valueIndex);
  const parts = kindTotals(profile, valueIndex).map(
    ({ kind, self }) => `${KIND_TITLES[kind]} ${formatPercent(self, whole, 1)}`,
  );
  if (parts.length > 0) yield `\nKinds of code (self): ${parts.join(', ')}.\n`;
}

function* hotFunctions(profile: Profile, valueIndex: number, rows: readonly TopRow[]): Iterable<string> {
  const whole = totalWeight(profile, valueIndex);
  const { unit } = profile.valueTypes[valueIndex]!;
  yield '\n## Hot functions\n\n';
  yield 'Self is the weight of the function alone, total includes what it calls.\n\n';
  yield '| self | self % | total % | function | where | kind |\n| ---: | ---: | ---: | --- | --- | --- |\n';
  for (const row of rows) {
    const place = placeOf(row);
    const cells = [
      plainText(formatValue(row.self, unit)),
      formatPercent(row.self, whole, 1),
      formatPercent(row.total, whole, 1),
      codeSpan(nameOf(row)),
      place === '' ? '' : codeSpan(place),
      KIND_TITLES[row.kind],
    ];
    yield `| ${cells.join(' | ')} |\n`;
  }
}

function* hotPaths(profile: Profile, valueIndex: number): Iterable<string> {
  const tree = callTree(profile, { valueIndex });
  const leaves = Array.from({ length: tree.length }, (_, node) => node)
    .filter((node) => tree.self[node]! > 0)
    .sort((a, b) => tree.self[b]! - tree.self[a]! || a - b)
    .slice(0, PATHS);
  if (leaves.length === 0) return;
  yield '\n## Hot paths\n\nThe heaviest stacks, caller first.\n\n';
  const { strings, frames } = profile;
  let number = 1;
  for (const leaf of leaves) {
    const path: number[] = [];
    for (let node = leaf; node >= 0; node = tree.parent[node]!) path.push(tree.frame[node]!);
    // Hiding a single frame saves nothing.
    const whole = path.length <= SHOWN.first + SHOWN.last + 1;
    const spans = path
      .reverse()
      .filter((_, i) => whole || i < SHOWN.first || i >= path.length - SHOWN.last)
      .map((frame) => codeSpan(nameOf({ name: strings[frames.name[frame]!]!, file: strings[frames.file[frame]!]! })));
    const hidden = path.length - spans.length;
    if (hidden > 0) spans.splice(SHOWN.first, 0, `(${hidden} more)`);
    yield `${number++}. ${formatPercent(tree.self[leaf]!, tree.weight, 1)}: ${spans.join(' > ')}\n`;
  }
}

/** Kinds that a person can change at once. */
const OWN: ReadonlySet<Kind> = new Set(['app', 'inlined', 'unknown']);

function* lookNext(profile: Profile, valueIndex: number, rows: readonly TopRow[]): Iterable<string> {
  const whole = totalWeight(profile, valueIndex);
  const share = (part: number): string => formatPercent(part, whole, 1);
  const where = (row: TopRow): string =>
    `${codeSpan(nameOf(row))}${row.file === '' ? '' : ` (${codeSpan(placeOf(row))})`}`;
  yield '\n## Look next\n\n';
  const hottest = rows[0]!;
  if (OWN.has(hottest.kind)) {
    yield `- ${where(hottest)} has the most weight of its own, ${share(hottest.self)}: start there.\n`;
  } else {
    yield `- ${where(hottest)} (${KIND_TITLES[hottest.kind]}) has the most weight of its own, ${share(hottest.self)}: `;
    yield 'see who calls it with `report --callers`.\n';
  }
  const own = rows.find((row) => row.kind === 'app' && row !== hottest && row.self > 0);
  if (own !== undefined) yield `- ${where(own)} is the next of your own functions, ${share(own.self)}.\n`;
  const kindShare = new Map(kindTotals(profile, valueIndex).map(({ kind, self }) => [kind, self]));
  if ((kindShare.get('gc') ?? 0) > whole * 0.1) {
    yield `- Garbage collection takes ${share(kindShare.get('gc')!)}: look at what allocates.\n`;
  }
  if ((kindShare.get('kernel') ?? 0) > whole * 0.3) {
    yield `- The kernel takes ${share(kindShare.get('kernel')!)}: look at which system calls are made, and how often.\n`;
  }
}
