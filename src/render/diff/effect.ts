import { VERDICTS, type Verdict } from '../../profile/diff/comparison.ts';

interface Effect {
  readonly id: Verdict;
  /** Before names; '' = none. */
  readonly mark: string;
  readonly title: string;
  /** Beside numbers that say the rest. Default: the title. */
  readonly short?: string;
}

/** What the legend of a differential picture tells apart, in its order; ids of its groups. */
export const EFFECTS: readonly Effect[] = [
  { id: 'grew', mark: '▲', title: 'grew' },
  { id: 'new', mark: '+', title: 'new' },
  { id: 'shrank', mark: '▼', title: 'shrank' },
  { id: 'gone', mark: '−', title: 'gone' },
  { id: 'unchanged', mark: '', title: 'no significant change', short: 'not significant' },
  { id: 'below-cut', mark: '', title: 'below what a drawing shows', short: 'below cut' },
  { id: 'untested', mark: '', title: 'not tested' },
];

/** The ends of the steps of the scale, in parts of the whole: what changed by less than the first is of step 0. */
export const STEP_ENDS = [0.01, 0.02, 0.05, 0.1] as const;

/** At the ends of the scale. */
export const SCALE_WORDS = {
  less: `−${STEP_ENDS.at(-1)! * 100} points`,
  more: `+${STEP_ENDS.at(-1)! * 100} points of the whole`,
} as const;

/** How strong a change is, 0 to 4. @param share the change as a part of the whole, whatever its sign */
export function stepOf(share: number): number {
  const size = Math.abs(share);
  let step = 0;
  // A change that was measured as 0.01 is one, whatever its last bits
  while (step < STEP_ENDS.length && size >= STEP_ENDS[step]! - 1e-12) step++;
  return step;
}

const MARKS = new Map<Verdict, string>(EFFECTS.map(({ id, mark }) => [id, mark]));
const TITLES = new Map<Verdict, string>(EFFECTS.map(({ id, title, short = title }) => [id, short]));

/** `▲`; '' = none. @param verdict index into VERDICTS */
export function markOf(verdict: number): string {
  return MARKS.get(VERDICTS[verdict]!)!;
}

/** A verdict for people. */
export function verdictWords(verdict: Verdict): string {
  return TITLES.get(verdict)!;
}

/** A change as it was judged; its parts are of the whole, NaN where nothing was tested. */
export interface Judged {
  /** Index into VERDICTS. */
  readonly verdict: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** `grew`. Where an interval tells of a change that was not called one, why. @param threshold the least change that counts */
export function titleOf({ verdict, share, low, high }: Judged, threshold: number): string {
  if (VERDICTS[verdict] === 'unchanged' && (low > 0 || high < 0)) {
    return Math.abs(share) < threshold ? 'too small to count' : 'its share only, or chance';
  }
  return verdictWords(VERDICTS[verdict]!);
}
