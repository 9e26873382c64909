import type { TimedSamples } from '../../../embedded/page-columns.ts';
import { formatValue } from '../../../profile/units.ts';
import { sized } from './canvas.ts';
import { button, element } from './dom.ts';
import { listenToGestures } from './gestures.ts';
import { laneBoxes } from './lane-boxes.ts';
import { boxAt, frameOfBox, type LaneView, laneHeight, outlineBox, paintLane } from './lane-view.ts';
import { type Lanes, lanesOf } from './lanes.ts';
import { Overview } from './overview.ts';
import type { Store } from './store.ts';
import { onTheme, theme } from './theme.ts';
import { ticks } from './time-axis.ts';
import type { Words } from './words.ts';

const RULER = 22;
/** Marks of the ruler are at least so far (px) from each other. */
const TICKS = 110;
/** Lanes are open at first up to so many rows. */
const OPEN_ROWS = 70;
/** Nobody looks closer than this (ns). */
const LEAST_WINDOW = 100;

export interface TimelineEvents {
  hover(frame: number, lines: readonly string[], at: MouseEvent): void;
  select(frame: number): void;
  /** All views shall show this span alone. */
  narrow(from: number, to: number): void;
}

/** A box of a lane. */
interface Place {
  readonly view: LaneView;
  readonly box: number;
}

/** A flame chart for each thread: what was on its stack, from left to right as time goes by. */
export class Timeline {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly words: Words;
  private readonly events: TimelineEvents;
  private readonly overview: Overview;
  private readonly canvas = element('canvas', { 'aria-hidden': 'true' });
  private readonly ruler = element('canvas', { class: 'ruler', 'aria-hidden': 'true' });
  private readonly spacer = element('div', { class: 'spacer' });
  private readonly scroller: HTMLElement;
  private readonly seen = element('span', { class: 'seen', 'aria-live': 'polite' });
  private timed: TimedSamples | undefined;
  private lanes: Lanes | undefined;
  private views: LaneView[] = [];
  private window = { from: 0, to: 1 };
  private hovered: Place | undefined;

  constructor(store: Store, words: Words, events: TimelineEvents) {
    this.store = store;
    this.words = words;
    this.events = events;
    this.overview = new Overview(store.data, {
      choose: (from, to) => this.look(from, to),
      centre: (at) => this.look(at - this.width / 2, at + this.width / 2),
    });
    const stage = element('div', { class: 'stage' }, this.canvas);
    const label = 'Timeline: what each thread did; arrow keys move, plus and minus zoom, 0 shows all';
    this.scroller = element(
      'div',
      { class: 'lanes', tabindex: 0, role: 'application', 'aria-label': label },
      this.spacer,
      stage,
    );
    this.host = element('div', { class: 'timeline' }, this.tools(), this.overview.host, this.ruler, this.scroller);
    this.listen();
  }

  private tools(): HTMLElement {
    const narrow = button(
      { class: 'push', title: 'The other views count only the samples of this span' },
      'Use this span in all views',
      () => this.events.narrow(this.window.from, this.window.to),
    );
    const all = button({ class: 'push' }, 'Whole recording', () => this.look(0, this.duration));
    return element('div', { class: 'toolbar' }, this.seen, element('span', { class: 'grow' }), all, narrow);
  }

  /** Reads the samples when the view is first seen. */
  async open(): Promise<void> {
    if (this.timed !== undefined) return;
    const timed = await this.store.times();
    if (timed === undefined || this.timed !== undefined) return;
    this.timed = timed;
    this.lanes = lanesOf(this.store.data.profile, timed);
    this.window = { from: 0, to: this.lanes.duration };
    let rows = 0;
    this.views = this.lanes.lanes.map((lane, i) => {
      rows += lane.depth;
      const head = button({ class: 'lane-head' }, '', () => this.toggle(i));
      return { lane, head, open: i === 0 || rows <= OPEN_ROWS, top: 0, boxes: undefined };
    });
    this.arrange();
  }

  /** Shows a span of nanoseconds since the first sample. */
  private look(from: number, to: number): void {
    const width = Math.min(this.duration, Math.max(LEAST_WINDOW, to - from));
    const start = Math.min(Math.max(0, from), this.duration - width);
    this.window = { from: start, to: start + width };
    for (const view of this.views) view.boxes = undefined;
    this.hovered = undefined;
    this.draw();
  }

  private get duration(): number {
    return this.lanes?.duration ?? 1;
  }

  private get width(): number {
    return this.window.to - this.window.from;
  }

  private toggle(index: number): void {
    const view = this.views[index]!;
    view.open = !view.open;
    this.arrange();
  }

  /** The lanes of the chosen thread. */
  private get shown(): LaneView[] {
    const { thread } = this.store.choice;
    return thread < 0 ? this.views : this.views.filter(({ lane }) => lane.thread === thread);
  }

  private arrange(): void {
    let top = 0;
    for (const view of this.views) view.head.hidden = true;
    for (const view of this.shown) {
      const { lane, head } = view;
      view.top = top;
      view.boxes = undefined;
      top += laneHeight(view);
      head.hidden = false;
      head.style.top = `${view.top}px`;
      head.setAttribute('aria-expanded', String(view.open));
      const busy = `${formatValue(lane.busy, 'nanoseconds')} (${((100 * lane.busy) / this.duration).toFixed(1)}%)`;
      head.replaceChildren(
        element('span', { class: 'caret', 'aria-hidden': 'true' }, view.open ? '▾' : '▸'),
        element('b', {}, lane.title),
        element('span', { class: 'muted' }, busy),
      );
      if (head.parentNode === null) this.spacer.append(head);
    }
    this.spacer.style.height = `${top}px`;
    this.hovered = undefined;
    this.draw();
  }

  private draw(): void {
    const { timed, lanes, scroller } = this;
    const pixels = scroller.clientWidth;
    if (timed === undefined || lanes === undefined || pixels === 0) return;
    this.seen.textContent = spanText(this.window.from, this.window.to);
    this.overview.draw(timed, lanes, this.window);
    const marks = this.drawRuler(pixels);
    const height = scroller.clientHeight;
    const context = sized(this.canvas, pixels, height);
    context.fillStyle = theme().line;
    for (const x of marks) context.fillRect(Math.round(x), 0, 1, height);
    for (const view of this.shown) {
      const top = view.top - scroller.scrollTop;
      if (top + laneHeight(view) < 0 || top > height) continue;
      view.boxes ??= laneBoxes(this.store.data.profile, timed, lanes, view.lane, { ...this.window, pixels });
      paintLane(context, view, { top, height }, this.store, this.words);
    }
    if (this.hovered === undefined) return;
    const { view, box } = this.hovered;
    outlineBox(context, view.boxes!, box, view.top - scroller.scrollTop);
  }

  /** @returns where its marks are, px */
  private drawRuler(pixels: number): number[] {
    const context = sized(this.ruler, pixels, RULER);
    const scale = pixels / this.width;
    context.fillStyle = theme().muted;
    return ticks(this.window.from, this.window.to, TICKS / scale).map(({ at, text }) => {
      const x = (at - this.window.from) * scale;
      context.fillText(text, Math.min(x + 5, pixels - context.measureText(text).width - 2), RULER / 2 + 1);
      context.fillRect(Math.round(x), 4, 1, RULER - 4);
      return x;
    });
  }

  private find(event: MouseEvent): Place | undefined {
    const edge = this.scroller.getBoundingClientRect();
    const y = event.clientY - edge.top + this.scroller.scrollTop;
    const view = this.shown.find((lane) => y >= lane.top && y < lane.top + laneHeight(lane));
    if (view === undefined) return undefined;
    const box = boxAt(view, event.clientX - edge.left, y - view.top);
    return box < 0 ? undefined : { view, box };
  }

  /** When a box begins and how long it lasts, ns. */
  private timeOf({ view, box }: Place): { from: number; lasts: number } {
    const scale = this.width / this.scroller.clientWidth;
    const { x, width } = view.boxes!;
    return { from: this.window.from + x[box]! * scale, lasts: width[box]! * scale };
  }

  private listen(): void {
    const { scroller, store } = this;
    new ResizeObserver(() => this.arrange()).observe(this.host);
    onTheme(() => this.draw());
    store.onChange((change) => {
      if (change === 'search') this.draw();
      else if (change === 'data') this.arrange();
    });
    scroller.addEventListener('scroll', () => this.draw(), { passive: true });
    scroller.addEventListener('dblclick', (event) => {
      const found = this.find(event);
      if (found === undefined) return;
      const { from, lasts } = this.timeOf(found);
      this.look(from, from + lasts);
    });
    listenToGestures(scroller, {
      pan: (pixels) => {
        const shift = (pixels * this.width) / scroller.clientWidth;
        this.look(this.window.from + shift, this.window.to + shift);
      },
      zoom: (factor, x) => this.zoom(factor, x / scroller.clientWidth),
      reset: () => this.look(0, this.duration),
      click: (event) => {
        const found = this.find(event);
        if (found !== undefined) this.events.select(frameOfBox(store.data, found.view.boxes!, found.box));
      },
      point: (event) => this.point(event),
      leave: (event) => {
        this.hovered = undefined;
        this.events.hover(-1, [], event);
        this.draw();
      },
    });
  }

  /** @param part of the width (0 to 1) at which the time stays */
  private zoom(factor: number, part: number): void {
    const width = Math.min(this.duration, Math.max(LEAST_WINDOW, this.width * factor));
    const fixed = this.window.from + part * this.width;
    this.look(fixed - part * width, fixed + (1 - part) * width);
  }

  private point(event: PointerEvent): void {
    const found = this.find(event);
    if (found?.box !== this.hovered?.box || found?.view !== this.hovered?.view) {
      this.hovered = found;
      this.draw();
    }
    if (found === undefined) {
      this.events.hover(-1, [], event);
      return;
    }
    const { from, lasts } = this.timeOf(found);
    const words = `${formatValue(lasts, 'nanoseconds')} from ${formatValue(from, 'nanoseconds')} on`;
    const frame = frameOfBox(this.store.data, found.view.boxes!, found.box);
    this.events.hover(frame, [words, found.view.lane.title], event);
  }
}

/** `1.2 s to 1.5 s  ·  300 ms` */
function spanText(from: number, to: number): string {
  const start = from === 0 ? '0' : formatValue(from, 'nanoseconds');
  return `${start} to ${formatValue(to, 'nanoseconds')}  ·  ${formatValue(to - from, 'nanoseconds')}`;
}
