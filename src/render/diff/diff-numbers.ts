import { type DisplayUnit, formatInUnit, groupDigits } from '../../profile/units.ts';
import { visibleText } from '../escape.ts';

/** What numbers of a comparison are parts of. All weights are in one unit, that of `unit`. */
export interface ComparedWholes {
  readonly before: number;
  readonly after: number;
  /** Of the sides: paths of less weight may be missing. 0 = none is. */
  readonly cuts: readonly [before: number, after: number];
  /** By how much weights before are multiplied to be compared. */
  readonly ratio: number;
  /** Changes are told in parts of the whole; false: in the unit, as totals are not made equal. */
  readonly inShares: boolean;
  readonly unit: DisplayUnit;
}

/** Numbers of a comparison in words. */
export class DiffNumbers {
  /** What changes are parts of: the whole after, or, where nothing is after, the whole before. */
  readonly whole: number;
  private readonly wholes: ComparedWholes;

  constructor(wholes: ComparedWholes) {
    this.wholes = wholes;
    this.whole = wholes.after || wholes.before * wholes.ratio;
  }

  /** The change as a part of the whole. */
  share(before: number, after: number): number {
    return this.whole > 0 ? (after - before * this.wholes.ratio) / this.whole : 0;
  }

  /** `12.34%` of a side. What a drawing does not hold may have had any weight that it does not draw: `<0.10%`. */
  part(side: 'before' | 'after', weight: number): string {
    const cut = this.wholes.cuts[side === 'before' ? 0 : 1];
    return weight === 0 && cut > 0 ? `<${this.exactPart(side, cut)}` : this.exactPart(side, weight);
  }

  exactPart(side: 'before' | 'after', weight: number): string {
    const whole = this.wholes[side];
    return `${(whole > 0 ? (100 * weight) / whole : 0).toFixed(2)}%`;
  }

  /** `+3.56`: a part of the whole in points, or in the unit where totals were not made equal. */
  amount(share: number): string {
    const { inShares, unit } = this.wholes;
    const size = Math.abs(share);
    const text = inShares ? (size * 100).toFixed(size >= 0.0995 ? 1 : 2) : formatInUnit(size * this.whole, unit);
    // What is rounded to nothing has no sign
    return /[1-9]/.test(text) ? `${share < 0 ? '−' : '+'}${text}` : text;
  }

  /** What {@link amount} counts. */
  get amountUnit(): string {
    return this.wholes.inShares ? 'points' : visibleText(this.wholes.unit.name);
  }

  /** `[+2.10, +5.00]`; '' where nothing was tested. @param low a part of the whole, as `high` */
  interval(low: number, high: number): string {
    return Number.isNaN(low) ? '' : `[${this.amount(low)}, ${this.amount(high)}]`;
  }

  /** `123 → 159 samples` */
  weights(before: number, after: number): string {
    const { unit } = this.wholes;
    return `${formatInUnit(before, unit)} → ${formatInUnit(after, unit)} ${visibleText(unit.name)}`;
  }

  /** `×1.29`; '' where a side has nothing, or both have the same. */
  factor(before: number, after: number): string {
    const was = before * this.wholes.ratio;
    const factor = was > 0 && after > 0 ? groupDigits(after / was, 2) : '1';
    return factor === '1' ? '' : `×${factor}`;
  }
}
