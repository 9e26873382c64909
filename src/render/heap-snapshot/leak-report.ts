import { groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd } from '../../terminal/string-width.ts';
import { type HeapComparison, heapComparisonJson, sizeLines } from './diff-report.ts';
import { fullLook, type HeapLook } from './look.ts';
import { suspectLines } from './suspects-text.ts';

/** What was found of a program that did the same again and again. */
export interface LeakHunt {
  readonly comparison: HeapComparison;
  /** What was done between two snapshots: `load`, `action`, `interval`. */
  readonly each: string;
  /** Requests that were answered between them; undefined without a load. */
  readonly requests?: readonly number[];
  /** Where the snapshots were kept; undefined where they were not. */
  readonly kept?: readonly string[];
}

/** Bytes that suspects hold more than before the last round: what `--fail-on-growth` of a hunt looks at. */
export function suspectedGrowth({ comparison: { suspects } }: LeakHunt): number {
  return suspects.reduce((sum, { sizes }) => sum + sizes.at(-1)! - sizes.at(-2)!, 0);
}

/** The verdict in one line. */
function verdict({ comparison: { suspects }, each }: LeakHunt): string {
  if (suspects.length === 0) return `No leak: nothing grows with every ${each}`;
  const many = suspects.length === 1 ? '1 leak' : `${suspects.length} leaks`;
  const [first] = suspects;
  return `${many} suspected: ${first!.holderName} @${first!.holder} holds more ${first!.what} after every ${each}`;
}

/** The verdict, how large the heap was each time, and each suspect with its way. */
export function leakHuntText(hunt: LeakHunt, look: HeapLook): string {
  const { width, limit, colors } = fullLook(look);
  const { comparison, each, requests, kept } = hunt;
  const { suspects } = comparison;
  const paint = suspects.length === 0 ? colors.green : colors.red;
  const lines = [colors.bold(paint(shortenEnd(escapeTerminal(verdict(hunt)), width))), ''];
  lines.push(...sizeLines(comparison.snapshots, width, colors));
  if (requests !== undefined) {
    lines.push(colors.dim(`between them ${requests.map((many) => groupDigits(many)).join(' and ')} requests`));
  }
  if (suspects.length > 0) {
    const shown = suspects.slice(0, limit);
    lines.push('', ...suspectLines(shown, { width, colors, each, ...(requests === undefined ? {} : { requests }) }));
    if (suspects.length > shown.length) lines.push('', colors.dim(`... ${suspects.length - shown.length} more`));
    lines.push('', ...hintLines(kept, suspects[0]!.path.at(-1)?.id).map((line) => colors.dim(shortenEnd(line, width))));
  }
  return `${lines.join('\n')}\n`;
}

function hintLines(kept: readonly string[] | undefined, id: number | undefined): string[] {
  const last = kept?.at(-1);
  if (last === undefined)
    return ['--keep FOLDER keeps the snapshots: DevTools opens them, and so does pforge-prof heap'];
  return [escapeTerminal(`more ways to it: pforge-prof heap ${last} --retainers @${id}`)];
}

export function leakHuntJson(hunt: LeakHunt): object {
  const { comparison, each, requests, kept } = hunt;
  return {
    verdict: comparison.suspects.length === 0 ? 'no leak' : 'leak suspected',
    each,
    ...(requests === undefined ? {} : { requests }),
    ...(kept === undefined ? {} : { kept }),
    suspectedGrowth: suspectedGrowth(hunt),
    ...heapComparisonJson(comparison),
  };
}
