import { Float64Column, Int32Column } from '../../profile/columns.ts';

/** One frame as it stands in the file; NaN = not there. */
export interface DrawnFrame {
  readonly name: string;
  /** As its title has it. */
  readonly count: number;
  readonly x: number;
  readonly width: number;
  readonly y: number;
  /** `fg:x` and `fg:w`: in samples, exact. */
  readonly start: number;
  readonly weight: number;
  /** Of our own pictures: its weight without what lies on it, where something of that was left out. */
  readonly self: number;
  /** Percent of the whole. */
  readonly delta: number;
}

/** The frames of a picture as columns, in the order of the file. */
export class DrawnFrames {
  readonly names: string[] = [];
  readonly name = new Int32Column();
  readonly count = new Float64Column();
  readonly x = new Float64Column();
  readonly width = new Float64Column();
  readonly y = new Float64Column();
  readonly start = new Float64Column();
  readonly weight = new Float64Column();
  readonly self = new Float64Column();
  readonly delta = new Float64Column();
  private readonly known = new Map<string, number>();

  get length(): number {
    return this.name.length;
  }

  push(frame: DrawnFrame): void {
    this.name.push(this.nameRow(frame.name));
    this.count.push(frame.count);
    this.x.push(frame.x);
    this.width.push(frame.width);
    this.y.push(frame.y);
    this.start.push(frame.start);
    this.weight.push(frame.weight);
    this.self.push(frame.self);
    this.delta.push(frame.delta);
  }

  rename(frame: number, name: string): void {
    this.name.toArray()[frame] = this.nameRow(name);
  }

  private nameRow(name: string): number {
    let row = this.known.get(name);
    if (row === undefined) {
      row = this.names.push(name) - 1;
      this.known.set(name, row);
    }
    return row;
  }
}
