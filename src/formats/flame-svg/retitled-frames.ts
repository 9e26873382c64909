import type { DrawnFrames } from './drawn-frames.ts';

/** A title of more functions than these says nothing of any. */
const MOST_LABELS = 100;

/**
 * Frames with a title of somebody's own, which both tools write in the place of name and count: what they are called shows
 * in their labels. Where one was cut, a wider frame of the same title tells.
 */
export class RetitledFrames {
  private readonly labels = new Map<string, Set<string>>();
  private readonly cut: { readonly frame: number; readonly title: string; readonly start: string }[] = [];

  /** @param start of the label where it is not whole */
  add(frame: number, title: string, label: string | undefined, start: string): void {
    const known = this.labels.get(title) ?? new Set();
    this.labels.set(title, known);
    if (label === undefined) this.cut.push({ frame, title, start });
    else if (known.size <= MOST_LABELS) known.add(label);
  }

  /** Names those with cut labels. @returns how many cannot be told */
  name(frames: DrawnFrames): number {
    let unknown = 0;
    for (const { frame, title, start } of this.cut) {
      const fitting = [...this.labels.get(title)!].filter((label) => label.startsWith(start));
      if (fitting.length === 1 && this.labels.get(title)!.size <= MOST_LABELS) frames.rename(frame, fitting[0]!);
      else unknown++;
    }
    return unknown;
  }
}
