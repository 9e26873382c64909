import { formatValue } from '../../../profile/units.ts';
import { paintLabel, sized } from './canvas.ts';
import type { TimedSamples } from './data.ts';
import { button, element } from './dom.ts';
import { type LaneBoxes, laneBoxes, type TimeWindow } from './lane-boxes.ts';
import { type Lane, type Lanes, lanesOf } from './lanes.ts';
import { Overview } from './overview.ts';
import type { Store } from './store.ts';
import { onTheme, theme } from './theme.ts';
import { ticks } from './time-axis.ts';
import type { Words } from './words.ts';

const ROW = 16;
const HEAD = 24;
const STRIP = 22;
const RULER = 22;
/** Lanes are open at first up to so many rows. */
const OPEN_ROWS = 70;
/** A shorter way (px) of the pointer is a click. */
const LEAST_DRAG = 4;
/** Nobody looks closer than this (ns). */
const LEAST_WINDOW = 100;

export interface TimelineEvents {
  hover(frame: number, lines: readonly string[], at: MouseEvent): void;
  select(frame: number): void;
  /** All views shall show this span alone. */
  narrow(from: number, to: number): void;
}

interface LaneView {
  readonly lane: Lane;
  readonly head: HTMLButtonElement;
  open: boolean;
  /** Its upper edge and its height, px of the scrolled content. */
  top: number;
  height: number;
  boxes: LaneBoxes | undefined;
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
  private hovered: { view: LaneView; box: number } | undefined;
  private drag: { x: number; y: number; moved: boolean } | undefined;

  constructor(store: Store, words: Words, events: TimelineEvents) {
    this.store = store;
    this.words = words;
    this.events = events;
    this.overview = new Overview(store.data, {
      choose: (from, to) => this.look(from, to),
      centre: (at) => this.look(at - this.width / 2, at + this.width / 2),
    });
    const stage = element('div', { class: 'stage' }, this.canvas);
    this.scroller = element(
      'div',
      { class: 'lanes', tabindex: 0, role: 'application', 'aria-label': 'Timeline: what each thread did' },
      this.spacer,
      stage,
    );
    const tools = element(
      'div',
      { class: 'toolbar' },
      this.seen,
      element('span', { class: 'grow' }),
      button({ class: 'push' }, 'Whole recording', () => this.look(0, this.duration)),
      button(
        { class: 'push', id: 'narrow', title: 'The other views count only the samples of this span' },
        'Use this span in all views',
        () => this.events.narrow(this.window.from, this.window.to),
      ),
    );
    this.host = element('div', { class: 'timeline' }, tools, this.overview.host, this.ruler, this.scroller);
    this.listen();
  }

  /** Reads the samples when the view is first seen. */
  async open(): Promise<void> {
    if (this.timed !== undefined) return;
    const timed = await this.store.times();
    if (timed === undefined) return;
    this.timed = timed;
    this.lanes = lanesOf(this.store.data.profile, timed);
    this.window = { from: 0, to: this.lanes.duration };
    let rows = 0;
    this.views = this.lanes.lanes.map((lane, i) => {
      rows += lane.depth;
      const head = button({ class: 'lane-head' }, '', () => this.toggle(i));
      return { lane, head, open: i === 0 || rows <= OPEN_ROWS, top: 0, height: 0, boxes: undefined };
    });
    this.spacer.append(...this.views.map(({ head }) => head));
    this.arrange();
  }

  /** Shows a span of nanoseconds since the first sample. */
  look(from: number, to: number): void {
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

  private arrange(): void {
    let top = 0;
    for (const view of this.views) {
      const { lane, head } = view;
      view.top = top;
      view.height = HEAD + (view.open ? lane.depth * ROW : STRIP) + 6;
      view.boxes = undefined;
      top += view.height;
      head.style.top = `${view.top}px`;
      head.setAttribute('aria-expanded', String(view.open));
      const busy = `${formatValue(lane.busy, 'nanoseconds')} (${((100 * lane.busy) / this.duration).toFixed(1)}%)`;
      head.replaceChildren(
        element('span', { class: 'caret', 'aria-hidden': 'true' }, view.open ? '▾' : '▸'),
        element('b', {}, lane.title),
        element('span', { class: 'muted' }, busy),
      );
    }
    this.spacer.style.height = `${top}px`;
    this.draw();
  }

  private draw(): void {
    const { timed, lanes, scroller } = this;
    const pixels = scroller.clientWidth;
    if (timed === undefined || lanes === undefined || pixels === 0) return;
    this.seen.textContent = spanText(this.window.from, this.window.to);
    this.overview.draw(timed, lanes, this.window);
    const marks = this.drawRuler(pixels);
    const context = sized(this.canvas, pixels, scroller.clientHeight);
    context.fillStyle = theme().line;
    for (const x of marks) context.fillRect(Math.round(x), 0, 1, scroller.clientHeight);
    for (const view of this.views) {
      const top = view.top - scroller.scrollTop;
      if (top + view.height < 0 || top > scroller.clientHeight) continue;
      view.boxes ??= laneBoxes(this.store.data.profile, timed, lanes, view.lane, { ...this.window, pixels });
      if (view.open) this.paintFrames(context, view, top + HEAD);
      else paintStrip(context, view.boxes, top + HEAD);
    }
    this.outline(context);
  }

  /** @returns where its marks are, px */
  private drawRuler(pixels: number): number[] {
    const context = sized(this.ruler, pixels, RULER);
    const scale = pixels / this.width;
    context.fillStyle = theme().muted;
    return ticks(this.window.from, this.window.to, 110 / scale).map(({ at, text }) => {
      const x = (at - this.window.from) * scale;
      context.fillText(text, Math.min(x + 5, pixels - context.measureText(text).width - 2), RULER / 2 + 1);
      context.fillRect(Math.round(x), 4, 1, RULER - 4);
      return x;
    });
  }

  private paintFrames(context: CanvasRenderingContext2D, view: LaneView, top: number): void {
    const { profile, fill, summary } = this.store.data;
    const boxes = view.boxes!;
    const colors = theme();
    const hits = this.store.hits()?.frames;
    const keepColor = this.store.choice.group >= 0;
    const height = this.scroller.clientHeight;
    for (let i = 0; i < boxes.length; i++) {
      const y = top + boxes.row[i]! * ROW;
      if (y + ROW < 0 || y > height) continue;
      const frame = profile.stacks.frame[boxes.stack[i]!]!;
      const isHit = hits !== undefined && hits[frame] === 1;
      const width = boxes.width[i]!;
      context.globalAlpha = hits !== undefined && !isHit ? 0.26 : colors.solid;
      context.fillStyle = isHit && !keepColor ? colors.hit : summary.fills[fill[frame]!]!;
      context.fillRect(boxes.x[i]!, y, Math.max(1, width - (width > 3 ? 0.6 : 0)), ROW - 1);
      context.globalAlpha = 1;
      if (width < 22) continue;
      context.fillStyle = hits !== undefined && !isHit ? colors.text : colors.label;
      paintLabel(context, this.words.of(frame), { x: boxes.x[i]!, y, width, height: ROW - 1 });
    }
  }

  private outline(context: CanvasRenderingContext2D): void {
    if (this.hovered === undefined) return;
    const { view, box } = this.hovered;
    const { x, width, row } = view.boxes!;
    const y = view.top - this.scroller.scrollTop + HEAD + row[box]! * ROW;
    context.strokeStyle = theme().outline;
    context.lineWidth = 1.25;
    context.strokeRect(x[box]! + 0.5, y + 0.5, Math.max(1, width[box]! - 1.5), ROW - 2);
  }

  private boxAt(event: MouseEvent): { view: LaneView; box: number } | undefined {
    const edge = this.scroller.getBoundingClientRect();
    const x = event.clientX - edge.left;
    const y = event.clientY - edge.top + this.scroller.scrollTop;
    const view = this.views.find(({ top, height }) => y >= top && y < top + height);
    if (view?.boxes === undefined || !view.open) return undefined;
    const row = Math.floor((y - view.top - HEAD) / ROW);
    const { boxes } = view;
    for (let i = 0; i < boxes.length; i++) {
      if (boxes.row[i] === row && x >= boxes.x[i]! && x < boxes.x[i]! + Math.max(1, boxes.width[i]!)) {
        return { view, box: i };
      }
    }
    return undefined;
  }

  private frameOf({ view, box }: { view: LaneView; box: number }): number {
    return this.store.data.profile.stacks.frame[view.boxes!.stack[box]!]!;
  }

  private listen(): void {
    const { scroller } = this;
    new ResizeObserver(() => this.arrange()).observe(this.host);
    onTheme(() => this.draw());
    this.store.onChange((change) => {
      if (change === 'search') this.draw();
    });
    scroller.addEventListener('scroll', () => this.draw(), { passive: true });
    scroller.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    scroller.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || (event.target as HTMLElement).closest('.lane-head')) return;
      this.drag = { x: event.clientX, y: event.clientY, moved: false };
    });
    scroller.addEventListener('pointermove', (event) => this.pointer(event));
    scroller.addEventListener('pointerup', (event) => {
      const found = this.drag?.moved === false ? this.boxAt(event) : undefined;
      this.drag = undefined;
      if (found !== undefined) this.events.select(this.frameOf(found));
    });
    scroller.addEventListener('dblclick', (event) => {
      const found = this.boxAt(event);
      if (found === undefined) return;
      const scale = this.width / scroller.clientWidth;
      const { x, width } = found.view.boxes!;
      const from = this.window.from + x[found.box]! * scale;
      this.look(from, from + Math.max(1, width[found.box]!) * scale);
    });
    scroller.addEventListener('pointerleave', (event) => {
      this.hovered = undefined;
      this.events.hover(-1, [], event);
      this.draw();
    });
    scroller.addEventListener('keydown', (event) => this.key(event));
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { scroller } = this;
    const step = event.deltaMode === 1 ? 16 : 1;
    if (event.shiftKey) scroller.scrollTop += (event.deltaY || event.deltaX) * step;
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan(event.deltaX * step);
    else this.zoom(Math.exp(event.deltaY * step * 0.0022), event.clientX - scroller.getBoundingClientRect().left);
  }

  private pan(pixels: number): void {
    const shift = (pixels * this.width) / this.scroller.clientWidth;
    this.look(this.window.from + shift, this.window.to + shift);
  }

  /** @param factor of the span that is seen @param x what stays in its place, px */
  private zoom(factor: number, x = this.scroller.clientWidth / 2): void {
    const part = x / this.scroller.clientWidth;
    const width = Math.min(this.duration, Math.max(LEAST_WINDOW, this.width * factor));
    const fixed = this.window.from + part * this.width;
    this.look(fixed - part * width, fixed + (1 - part) * width);
  }

  private pointer(event: PointerEvent): void {
    const { drag, scroller } = this;
    if (drag !== undefined) {
      const [right, down] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.moved && Math.hypot(right, down) < LEAST_DRAG) return;
      if (!drag.moved) scroller.setPointerCapture(event.pointerId);
      this.drag = { x: event.clientX, y: event.clientY, moved: true };
      scroller.scrollTop -= down;
      this.pan(-right);
      return;
    }
    const found = this.boxAt(event);
    if (found?.box !== this.hovered?.box || found?.view !== this.hovered?.view) {
      this.hovered = found;
      this.draw();
    }
    if (found === undefined) {
      this.events.hover(-1, [], event);
      return;
    }
    const scale = this.width / scroller.clientWidth;
    const { x, width } = found.view.boxes!;
    const lasting = formatValue(width[found.box]! * scale, 'nanoseconds');
    const start = formatValue(this.window.from + x[found.box]! * scale, 'nanoseconds');
    this.events.hover(this.frameOf(found), [`${lasting} from ${start} on`, found.view.lane.title], event);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (key === 'ArrowLeft') this.pan(-this.scroller.clientWidth / 6);
    else if (key === 'ArrowRight') this.pan(this.scroller.clientWidth / 6);
    else if (key === '+' || key === '=') this.zoom(1 / 1.5);
    else if (key === '-') this.zoom(1.5);
    else if (key === '0') this.look(0, this.duration);
    else return;
    event.preventDefault();
  }
}

/** `1.2 s to 1.5 s  ·  300 ms` */
function spanText(from: number, to: number): string {
  const start = from === 0 ? '0' : formatValue(from, 'nanoseconds');
  return `${start} to ${formatValue(to, 'nanoseconds')}  ·  ${formatValue(to - from, 'nanoseconds')}`;
}

/** How busy a thread was that is not looked into. */
function paintStrip(context: CanvasRenderingContext2D, { busy }: LaneBoxes, top: number): void {
  context.fillStyle = theme().narrow;
  for (let x = 0; x < busy.length; x++) {
    const height = Math.min(1, busy[x]!) * (STRIP - 2);
    if (height > 0) context.fillRect(x, top + STRIP - height, 1, height);
  }
}
