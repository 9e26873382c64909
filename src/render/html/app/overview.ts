import type { TimedSamples } from '../../../embedded/page-columns.ts';
import { sized } from './canvas.ts';
import type { PageData } from './decode.ts';
import { element } from './dom.ts';
import { addBusy } from './lane-boxes.ts';
import type { Lanes } from './lanes.ts';
import { theme } from './theme.ts';

const HEIGHT = 52;
/** A shorter drag (px) is a click. */
const LEAST_DRAG = 4;

export interface OverviewEvents {
  /** Nanoseconds that were dragged over, or the middle that was clicked at. */
  choose(from: number, to: number): void;
  centre(at: number): void;
}

/** The whole recording in one strip: how busy it was, by the palette's groups, and which part of it is seen. */
export class Overview {
  readonly host: HTMLElement;
  private readonly canvas = element('canvas', { 'aria-hidden': 'true' });
  private readonly data: PageData;
  private readonly events: OverviewEvents;
  private busy: readonly Float64Array[] = [];
  private busyPixels = 0;
  private drag: { readonly start: number; now: number } | undefined;
  private redraw = (): void => {};

  constructor(data: PageData, events: OverviewEvents) {
    this.data = data;
    this.events = events;
    this.host = element('div', { class: 'overview', title: 'Drag to look at a part' }, this.canvas);
    this.host.addEventListener('pointerdown', (event) => {
      this.host.setPointerCapture(event.pointerId);
      this.drag = { start: event.offsetX, now: event.offsetX };
    });
    this.host.addEventListener('pointermove', (event) => {
      if (this.drag === undefined) return;
      this.drag.now = event.offsetX;
      this.redraw();
    });
    this.host.addEventListener('pointerup', () => this.dropped());
    this.host.addEventListener('pointercancel', () => {
      this.drag = undefined;
      this.redraw();
    });
  }

  draw(timed: TimedSamples, lanes: Lanes, window: { readonly from: number; readonly to: number }): void {
    this.redraw = () => this.draw(timed, lanes, window);
    this.duration = lanes.duration;
    const width = this.host.clientWidth;
    if (width === 0) return;
    if (this.busyPixels !== width) {
      this.busy = busyByGroup(this.data, timed, lanes, width);
      this.busyPixels = width;
    }
    const context = sized(this.canvas, width, HEIGHT);
    const colors = theme();
    this.paintBusy(context, width);
    const scale = width / lanes.duration;
    const [left, right] =
      this.drag === undefined
        ? [window.from * scale, window.to * scale]
        : [Math.min(this.drag.start, this.drag.now), Math.max(this.drag.start, this.drag.now)];
    context.fillStyle = colors.background;
    context.globalAlpha = 0.66;
    context.fillRect(0, 0, left, HEIGHT);
    context.fillRect(right, 0, width - right, HEIGHT);
    context.globalAlpha = 1;
    context.strokeStyle = colors.muted;
    context.strokeRect(Math.max(0.5, left), 0.5, Math.min(width - 1, right - left), HEIGHT - 1);
  }

  private duration = 1;

  private paintBusy(context: CanvasRenderingContext2D, width: number): void {
    const { groups } = this.data.summary;
    let most = 0;
    for (let x = 0; x < width; x++)
      most = Math.max(
        most,
        this.busy.reduce((sum, column) => sum + column[x]!, 0),
      );
    if (most === 0) return;
    const base = new Float64Array(width);
    this.busy.forEach((column, group) => {
      context.fillStyle = groups[group]?.fill ?? theme().narrow;
      for (let x = 0; x < width; x++) {
        const height = (column[x]! / most) * (HEIGHT - 4);
        if (height === 0) continue;
        context.fillRect(x, HEIGHT - 1 - base[x]! - height, 1, height);
        base[x]! += height;
      }
    });
  }

  private dropped(): void {
    const { drag } = this;
    this.drag = undefined;
    if (drag === undefined) return;
    const scale = this.duration / this.host.clientWidth;
    const left = Math.max(0, Math.min(drag.start, drag.now));
    const right = Math.min(this.host.clientWidth, Math.max(drag.start, drag.now));
    if (right - left < LEAST_DRAG) this.events.centre(left * scale);
    else this.events.choose(left * scale, right * scale);
  }
}

/** Of each group, of each column of px: how much of it its samples cover, over all threads. */
function busyByGroup(data: PageData, timed: TimedSamples, lanes: Lanes, pixels: number): Float64Array[] {
  const { profile, group, summary } = data;
  const columns = Array.from({ length: Math.max(1, summary.groups.length) }, () => new Float64Array(pixels));
  const scale = pixels / lanes.duration;
  for (let row = 0; row < timed.length; row++) {
    const stack = profile.samples.stack[timed.sum[row]!]!;
    if (stack < 0) continue;
    const own = columns[group[profile.stacks.frame[stack]!]!]!;
    addBusy(own, timed.time[row]! * scale, lanes.end[row]! * scale);
  }
  return columns;
}
