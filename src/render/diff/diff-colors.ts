import { VERDICTS, type Verdict } from '../../profile/diff/comparison.ts';
import { EFFECTS, STEP_ENDS, stepOf } from './effect.ts';

/**
 * From a little to a lot. Blue and red are told apart by people who cannot tell red and green; dark text can be read on
 * each step, the fainter text behind names too (contrast at least 4.5:1, tested).
 */
const REDS = ['#f8d3c6', '#f6b7a5', '#f49b84', '#f27f66', '#f0624a'] as const;
const BLUES = ['#d3e2f9', '#b6cef6', '#98bbf3', '#7aa7f1', '#5c93ee'] as const;
/** What did not change, or not by more than chance. */
const GREY = '#dcdad5';

/** The step that stands for a verdict in the legend. */
export const LEGEND_STEP = 2;

/** Verdicts whose frames have a pattern over their colour. */
const PATTERNS: ReadonlyMap<Verdict, 'stripes' | 'dots'> = new Map([
  ['new', 'stripes'],
  ['gone', 'stripes'],
  ['below-cut', 'dots'],
]);

/** What stands over the colour of a verdict. */
export function patternOf(verdict: Verdict): 'stripes' | 'dots' | undefined {
  return PATTERNS.get(verdict);
}

/** A colour of the picture: all frames that have it are one path. */
export interface DiffShade {
  readonly group: Verdict;
  /** `#rrggbb` */
  readonly fill: string;
  readonly pattern?: 'stripes' | 'dots';
}

/** The colours of a picture: `shades` in the order of the legend, those alone that are used. */
export interface DiffColors {
  readonly shades: readonly DiffShade[];
  /** Of each frame its shade; of the root the one behind all. */
  readonly shadeOf: Int32Array;
}

/** Below this a share is what rounding left of equal weights. */
const LEAST_CHANGE = 1e-12;

/**
 * The colour of a frame: by how much it changed, grey where it did not.
 * @param share the change as a part of the whole
 * @param negate what grew is blue
 */
export function fillOfChange(verdict: Verdict, share: number, negate: boolean): string {
  // Two equal recordings that cannot be tested are not a little redder for that
  return hasSteps(verdict) && isChange(share) ? fillOf(verdict, stepOf(share), share > 0, negate) : GREY;
}

function isChange(share: number): boolean {
  return Math.abs(share) > LEAST_CHANGE;
}

/**
 * The colour that stands for a verdict at a step of the scale.
 * @param negate what grew is blue
 */
export function fillOf(verdict: Verdict, step: number, isMore: boolean, negate: boolean): string {
  if (!hasSteps(verdict)) return GREY;
  const color = (isMore !== negate ? REDS : BLUES)[step]!;
  return verdict === 'untested' ? mixed(color, GREY) : color;
}

/**
 * @param verdict of each frame, index into VERDICTS
 * @param share of each frame its change as a part of the whole
 */
export function diffColors(verdict: Uint8Array, share: Float64Array, negate: boolean): DiffColors {
  const steps = STEP_ENDS.length + 1;
  const ownKeys = 2 * steps + 1;
  const order = EFFECTS.map(({ id }) => id);
  // All colours there may be, in the legend's order: of each verdict its steps down, grey, then its steps up
  const keyOf = (i: number): number => {
    const place = order.indexOf(VERDICTS[verdict[i]!]!);
    const step = hasSteps(order[place]!) && isChange(share[i]!) ? 1 + stepOf(share[i]!) : 0;
    return place * ownKeys + steps + (share[i]! < 0 ? -step : step);
  };
  const used = new Map<number, number>();
  const keys = new Int32Array(verdict.length);
  for (let i = 1; i < keys.length; i++) {
    keys[i] = keyOf(i);
    used.set(keys[i]!, 0);
  }
  const shades = [...used.keys()]
    .sort((a, b) => a - b)
    .map((key, place): DiffShade => {
      used.set(key, place);
      const group = order[Math.floor(key / ownKeys)]!;
      const own = (key % ownKeys) - steps;
      const pattern = PATTERNS.get(group);
      return {
        group,
        fill: own === 0 ? GREY : fillOf(group, Math.abs(own) - 1, own > 0, negate),
        ...(pattern === undefined ? {} : { pattern }),
      };
    });
  return { shades, shadeOf: keys.map((key, i) => (i === 0 ? shades.length : used.get(key)!)) };
}

function hasSteps(verdict: Verdict): boolean {
  return verdict !== 'unchanged' && verdict !== 'below-cut';
}

function mixed(a: string, b: string): string {
  const channel = (at: number): string =>
    Math.round((Number.parseInt(a.slice(at, at + 2), 16) + Number.parseInt(b.slice(at, at + 2), 16)) / 2)
      .toString(16)
      .padStart(2, '0');
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** The steps of the scale from most shrunk to most grown. */
export function scaleColors(negate: boolean): readonly string[] {
  const [less, more] = negate ? [REDS, BLUES] : [BLUES, REDS];
  return [...[...less].reverse(), GREY, ...more];
}
