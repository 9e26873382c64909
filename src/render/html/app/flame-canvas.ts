import type { CallTree } from '../../../profile/call-tree.ts';
import { type Boxes, layOut, subtreeEnds, type Window } from './boxes.ts';
import { sized } from './canvas.ts';
import { element } from './dom.ts';
import { type FlamePicture, paintFlame, ROW } from './flame-paint.ts';
import { onTheme, theme } from './theme.ts';
import { Words } from './words.ts';

const ZOOM_MS = 170;

export interface FlameEvents {
  /** Pointed at; -1 = nothing, the root row included. */
  hover(node: number, at: MouseEvent): void;
  /** Clicked, or reached with the keys; -1 = all. */
  select(node: number): void;
  /** Zoomed to by a person; -1 = all. */
  zoom(node: number): void;
}

/** A call tree on a canvas: it scrolls, zooms and is read with the keys. */
export class FlameCanvas {
  readonly host: HTMLElement;
  private readonly events: FlameEvents;
  private readonly frames = element('canvas', { 'aria-hidden': 'true' });
  private readonly marks = element('canvas', { 'aria-hidden': 'true' });
  private readonly spacer = element('div', { class: 'spacer' });
  private picture: FlamePicture | undefined;
  private words: Words | undefined;
  private end: Int32Array = new Int32Array(0);
  private window: Window = { from: 0, weight: 0 };
  private boxes: Boxes | undefined;
  private zoomed = -1;
  private cursor = -1;
  private hovered = -1;
  private animation = 0;

  /** @param label what the picture is, for those who do not see it */
  constructor(label: string, events: FlameEvents) {
    this.events = events;
    const stage = element('div', { class: 'stage' }, this.frames, this.marks);
    this.host = element(
      'div',
      { class: 'flame', tabindex: 0, role: 'application', 'aria-label': label },
      this.spacer,
      stage,
    );
    new ResizeObserver(() => this.arrange()).observe(this.host);
    onTheme(() => this.draw());
    this.host.addEventListener('scroll', () => this.draw(), { passive: true });
    this.host.addEventListener('mousemove', (event) => this.point(event));
    this.host.addEventListener('mouseleave', (event) => this.leave(event));
    this.host.addEventListener('click', (event) => this.click(event));
    this.host.addEventListener('keydown', (event) => this.key(event));
  }

  /** @param keepZoom the tree is the one before, or has other weights at the same nodes */
  show(picture: FlamePicture, keepZoom: boolean): void {
    const turned = this.picture?.down !== picture.down;
    const reweighed = keepZoom && this.picture !== undefined && this.picture.tree !== picture.tree;
    this.picture = picture;
    if (reweighed) this.keepSight(picture.tree);
    if (!keepZoom) {
      this.words = new Words(picture.profile);
      this.end = subtreeEnds(picture.tree);
      this.forgetZoom();
      this.window = { from: 0, weight: picture.tree.weight };
      cancelAnimationFrame(this.animation);
    }
    this.arrange();
    if (!keepZoom || turned) this.host.scrollTop = picture.down ? 0 : this.host.scrollHeight;
  }

  /** Fills the width with the same node, or, where it weighs nothing now, with the nearest caller that does. */
  private keepSight(tree: CallTree): void {
    cancelAnimationFrame(this.animation);
    const weighty = (node: number): number => {
      let at = node;
      while (at >= 0 && tree.total[at] === 0) at = tree.parent[at]!;
      return at;
    };
    this.zoomed = weighty(this.zoomed);
    this.cursor = weighty(this.cursor);
    this.hovered = -1;
    this.window =
      this.zoomed < 0
        ? { from: 0, weight: tree.weight }
        : { from: tree.start[this.zoomed]!, weight: tree.total[this.zoomed]! };
  }

  /** Nodes of a tree that is no more are none of the next one. */
  forgetZoom(): void {
    this.zoomed = this.cursor = this.hovered = -1;
  }

  get zoomedNode(): number {
    return this.zoomed;
  }

  /** Goes to a node, -1 = all. @param tell whether that is an event */
  zoomTo(node: number, tell: boolean): void {
    const { picture } = this;
    if (picture === undefined || node === this.zoomed) return;
    this.zoomed = node;
    this.cursor = node;
    const { tree } = picture;
    const to = node < 0 ? { from: 0, weight: tree.weight } : { from: tree.start[node]!, weight: tree.total[node]! };
    this.glide(this.window, to);
    if (tell) this.events.zoom(node);
  }

  private glide(from: Window, to: Window): void {
    cancelAnimationFrame(this.animation);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches || this.host.clientWidth === 0) {
      this.window = to;
      this.arrange();
      this.reveal(this.zoomed);
      return;
    }
    const started = performance.now();
    const step = (now: number): void => {
      const part = Math.min(1, Math.max(0, (now - started) / ZOOM_MS));
      const eased = 1 - (1 - part) ** 3;
      this.window =
        part === 1
          ? to
          : {
              from: from.from + (to.from - from.from) * eased,
              weight: from.weight + (to.weight - from.weight) * eased,
            };
      this.arrange();
      if (part < 1) this.animation = requestAnimationFrame(step);
      else this.reveal(this.zoomed);
    };
    this.animation = requestAnimationFrame(step);
  }

  /** Rows below the tree's own. */
  private get rootRows(): number {
    return this.picture?.rootLabel === undefined ? 0 : 1;
  }

  private arrange(): void {
    const { picture, host } = this;
    if (picture === undefined || host.clientWidth === 0) return;
    const fromEnd = host.scrollHeight - host.scrollTop;
    this.boxes = layOut(picture.tree, this.end, this.window, host.clientWidth);
    const height = Math.max(1, this.boxes.rows - picture.skip + this.rootRows) * ROW + 1;
    // Less than the window: frames that grow upwards stand at the bottom
    this.spacer.style.height = `${picture.down ? height : Math.max(height, host.clientHeight)}px`;
    host.classList.toggle('empty', this.boxes.length === 0);
    // What grows upwards stays where it is when there is more or less above it
    if (!picture.down) host.scrollTop = host.scrollHeight - fromEnd;
    this.draw();
  }

  /** Gives the upper edge of a row in the window. */
  private tops(): (row: number) => number {
    const { host, spacer, picture } = this;
    const { scrollTop } = host;
    if (picture!.down) return (row) => row * ROW - scrollTop;
    const bottom = spacer.offsetHeight - 1 - scrollTop;
    return (row) => bottom - (row + 1) * ROW;
  }

  private topOfNode(node: number): number {
    const { tree, skip } = this.picture!;
    return this.tops()(tree.depth[node]! + this.rootRows - skip);
  }

  private reveal(node: number): void {
    if (node < 0) return;
    const { host } = this;
    const y = this.topOfNode(node);
    if (y < 0) host.scrollTop += y;
    else if (y + ROW > host.clientHeight) host.scrollTop += y + ROW - host.clientHeight;
  }

  private draw(): void {
    const { picture, boxes, host, words } = this;
    if (picture === undefined || boxes === undefined || words === undefined || host.clientWidth === 0) return;
    paintFlame(sized(this.frames, host.clientWidth, host.clientHeight), picture, boxes, {
      words,
      zoomedDepth: this.zoomed < 0 ? -1 : picture.tree.depth[this.zoomed]!,
      width: host.clientWidth,
      height: host.clientHeight,
      top: this.tops(),
    });
    this.mark();
  }

  /** Outlines what is pointed at and where the keys are. */
  private mark(): void {
    const { host, boxes, picture } = this;
    const context = sized(this.marks, host.clientWidth, host.clientHeight);
    if (boxes === undefined || picture === undefined) return;
    context.strokeStyle = theme().outline;
    for (const [node, width] of [
      [this.hovered, 1.25],
      [this.cursor, 2],
    ] as const) {
      const i = node < 0 ? -1 : boxes.node.indexOf(node);
      if (i < 0) continue;
      context.lineWidth = width;
      const y = this.topOfNode(node);
      context.strokeRect(boxes.x[i]! + 0.5, y + 0.5, Math.max(1, boxes.width[i]! - 1.5), ROW - 2);
    }
  }

  /** @returns -2 for the root row, -1 for nothing */
  private nodeAt(event: MouseEvent): number {
    const { boxes, picture } = this;
    if (boxes === undefined || picture === undefined) return -1;
    const box = this.host.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const topOf = this.tops();
    if (picture.rootLabel !== undefined && y >= topOf(0) && y < topOf(0) + ROW) return -2;
    for (let i = 0; i < boxes.length; i++) {
      const top = topOf(boxes.row[i]! + this.rootRows - picture.skip);
      if (y < top || y >= top + ROW || boxes.row[i]! < picture.skip) continue;
      if (x >= boxes.x[i]! && x < boxes.x[i]! + boxes.width[i]!) return boxes.node[i]!;
    }
    return -1;
  }

  private point(event: MouseEvent): void {
    const node = this.nodeAt(event);
    this.host.style.cursor = node === -1 ? '' : 'pointer';
    if (node !== this.hovered) {
      this.hovered = node;
      this.mark();
    }
    this.events.hover(Math.max(-1, node), event);
  }

  private leave(event: MouseEvent): void {
    this.hovered = -1;
    this.mark();
    this.events.hover(-1, event);
  }

  private click(event: MouseEvent): void {
    const node = this.nodeAt(event);
    if (node === -1) return;
    this.zoomTo(Math.max(-1, node), true);
    this.events.select(Math.max(-1, node));
  }

  private key(event: KeyboardEvent): void {
    const { picture } = this;
    if (picture === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      this.moveCursor(this.arrow(event.key, picture));
    } else if (event.key === 'Enter' && this.cursor >= 0) {
      this.zoomTo(this.cursor, true);
    }
  }

  private arrow(key: string, { tree, down }: FlamePicture): number {
    const at = this.cursor;
    if (at < 0) return this.zoomed >= 0 ? this.zoomed : tree.length > 0 ? 0 : -1;
    if (key === 'ArrowLeft' || key === 'ArrowRight') return this.neighbour(at, key === 'ArrowLeft' ? -1 : 1);
    if ((key === 'ArrowDown') !== down) return tree.parent[at]! < 0 ? at : tree.parent[at]!;
    let widest = at;
    for (let child = at + 1; child < this.end[at]!; child = this.end[child]!) {
      if (tree.total[child]! > 0 && (widest === at || tree.total[child]! > tree.total[widest]!)) widest = child;
    }
    return widest;
  }

  /** The next box of the same row that can be seen. */
  private neighbour(node: number, step: number): number {
    const boxes = this.boxes!;
    const depth = this.picture!.tree.depth[node]!;
    for (let i = boxes.node.indexOf(node) + step; i >= 0 && i < boxes.length; i += step) {
      if (boxes.row[i] === depth && boxes.node[i]! >= 0) return boxes.node[i]!;
    }
    return node;
  }

  private moveCursor(node: number): void {
    this.cursor = node;
    this.reveal(node);
    this.mark();
    this.events.select(node);
  }
}
