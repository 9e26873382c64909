import { Float64Column } from '../../profile/columns.ts';

/** Numbers by a number that mostly grows: 16 bytes each, where a Map takes several times that. */
export class NumbersById {
  private readonly ids = new Float64Column();
  private readonly values = new Float64Column();
  /** Those that came out of order. */
  private readonly late = new Map<number, number>();
  private last = Number.NEGATIVE_INFINITY;

  set(id: number, value: number): void {
    if (id > this.last) {
      this.last = id;
      this.ids.push(id);
      this.values.push(value);
    } else this.late.set(id, value);
  }

  get(id: number): number | undefined {
    let from = 0;
    let to = this.ids.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.ids.at(middle) < id) from = middle + 1;
      else to = middle;
    }
    return this.late.get(id) ?? (from < this.ids.length && this.ids.at(from) === id ? this.values.at(from) : undefined);
  }
}
