import type { AllocationPoints } from '../../profile/allocation-points.ts';

/** How dh_view writes numbers: grouped by thousands, at most two digits after the point. */
export class ViewNumbers {
  private readonly decimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
  private readonly share = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2, style: 'percent' });
  private readonly points: AllocationPoints;

  constructor(points: AllocationPoints) {
    this.points = points;
  }

  percent(part: number, whole: number): string {
    return this.share.format(ratio(part, whole));
  }

  bytes(count: number): string {
    return `${this.decimal.format(count)} ${this.points.units?.many ?? 'bytes'}`;
  }

  bytesOf(count: number, whole: number): string {
    return `${this.bytes(count)} (${this.percent(count, whole)})`;
  }

  bytesAtRate(count: number, whole: number): string {
    return `${this.bytes(count)} (${this.percent(count, whole)}, ${this.rate(count)})`;
  }

  blocks(count: number): string {
    return `${this.decimal.format(count)} ${this.points.units?.blocks ?? 'blocks'}`;
  }

  blocksOf(count: number, whole: number): string {
    return `${this.blocks(count)} (${this.percent(count, whole)})`;
  }

  blocksAtRate(count: number, whole: number): string {
    return `${this.blocks(count)} (${this.percent(count, whole)}, ${this.rate(count)})`;
  }

  averageSize(bytes: number, blocks: number): string {
    return `avg size ${this.bytes(ratio(bytes, blocks))}`;
  }

  perByte(average: number): string {
    const { units } = this.points;
    // dh_view has the plural here
    const unit = units?.one === undefined ? 'byte' : units.many;
    return `${this.decimal.format(average)}/${unit}`;
  }

  time(time: number): string {
    return `${this.decimal.format(time)} ${this.points.timeUnit}`;
  }

  private rate(count: number): string {
    const { end, bigTimeUnit } = this.points;
    return `${this.decimal.format(ratio(1e6 * count, end))}/${bigTimeUnit}`;
  }
}

/** 0 of nothing is 0. */
export function ratio(part: number, whole: number): number {
  return part === 0 && whole === 0 ? 0 : part / whole;
}
