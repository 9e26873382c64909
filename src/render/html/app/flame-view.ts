import { button, element } from './dom.ts';
import { FlameCanvas } from './flame-canvas.ts';
import { isHitOf } from './search.ts';
import type { Store } from './store.ts';
import { amount, Words } from './words.ts';
import { ZoomBar } from './zoom-bar.ts';

export interface FlameViewEvents {
  hover(words: Words, frame: number, lines: readonly string[], at: MouseEvent): void;
  /** A frame was clicked or reached with the keys; -1 = none. */
  select(frame: number): void;
  zoom(): void;
}

/** What the address says of the view. */
export interface FlameLook {
  readonly callers: boolean;
  readonly down: boolean;
  /** `depth,start` of the frame that fills the width; '' = all. */
  readonly zoom: string;
}

/** The flame graph: the whole tree, from the program's start on or by callers, roots on top or at the bottom. */
export class FlameView {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly events: FlameViewEvents;
  private readonly canvas: FlameCanvas;
  private readonly bar: ZoomBar;
  private readonly turn = button({ class: 'push', 'aria-pressed': 'false' }, 'Icicle', () => this.toggle('down'));
  private readonly reverse = button(
    { class: 'push', 'aria-pressed': 'false', title: 'From where time was spent to who asked for it' },
    'By callers',
    () => this.toggle('callers'),
  );
  private callers = false;
  private down: boolean;
  private words: Words | undefined;

  constructor(store: Store, events: FlameViewEvents) {
    this.store = store;
    this.events = events;
    this.down = store.data.summary.inverted;
    this.canvas = new FlameCanvas('Flame graph; arrow keys move, Enter zooms', {
      hover: (node, at) => this.hover(node, at),
      select: (node) => this.select(node),
      zoom: () => {
        this.drawCrumbs();
        this.events.zoom();
      },
    });
    this.bar = new ZoomBar(this.canvas, this.turn, this.reverse);
    this.host = element('div', { class: 'flame-view' }, this.bar.host, this.canvas.host);
  }

  get look(): FlameLook {
    return { callers: this.callers, down: this.down, zoom: this.zoomAddress() };
  }

  set look({ callers, down, zoom }: FlameLook) {
    const changed = callers !== this.callers;
    this.callers = callers;
    this.down = down;
    this.update(!changed && this.words !== undefined);
    const { tree } = this.store.flame(callers);
    const [depth, start] = zoom.split(',').map(Number);
    let node = -1;
    for (let i = 0; zoom !== '' && i < tree.length; i++)
      if (tree.depth[i] === depth && tree.start[i] === start) node = i;
    this.canvas.zoomTo(node, false);
    this.drawCrumbs();
  }

  /** @param sameTree only colours or the direction have changed */
  update(sameTree: boolean): void {
    const { store } = this;
    const { profile, tree } = store.flame(this.callers);
    const { fill, summary } = store.data;
    if (!sameTree) this.words = new Words(profile);
    this.canvas.show(
      {
        profile,
        tree,
        fillOf: (frame) => summary.fills[fill[frame]!],
        isHit: isHitOf(store.hits()),
        hitsKeepColor: store.choice.group >= 0,
        down: this.down,
        skip: 0,
        rootLabel: `all  ${amount(tree.weight, tree.weight, store.valueType.unit).replace(' (100.00%)', '')}`,
      },
      sameTree,
    );
    this.turn.setAttribute('aria-pressed', String(this.down));
    this.reverse.setAttribute('aria-pressed', String(this.callers));
    this.drawCrumbs();
  }

  /** The tree is another one, and it is not seen now. */
  forgetZoom(): void {
    this.words = undefined;
    this.canvas.forgetZoom();
  }

  private zoomAddress(): string {
    const node = this.canvas.zoomedNode;
    if (node < 0) return '';
    const { tree } = this.store.flame(this.callers);
    return `${tree.depth[node]},${tree.start[node]}`;
  }

  /** @returns whether there was a zoom to leave */
  resetZoom(): boolean {
    return this.bar.leave();
  }

  private toggle(what: 'down' | 'callers'): void {
    if (what === 'down') this.down = !this.down;
    else this.callers = !this.callers;
    this.update(what === 'down');
    this.events.zoom();
  }

  private hover(node: number, at: MouseEvent): void {
    const { tree } = this.store.flame(this.callers);
    const words = this.words!;
    if (node < 0) this.events.hover(words, -1, [], at);
    else this.events.hover(words, tree.frame[node]!, this.numbers(node), at);
  }

  private select(node: number): void {
    const { tree } = this.store.flame(this.callers);
    const frame = node < 0 ? -1 : tree.frame[node]!;
    // The frames of threads are no functions.
    this.events.select(frame < this.store.data.profile.frames.length ? frame : -1);
  }

  private numbers(node: number): string[] {
    const { tree } = this.store.flame(this.callers);
    const { unit } = this.store.valueType;
    const zoomed = this.canvas.zoomedNode;
    const ofView =
      zoomed < 0 || tree.depth[node]! < tree.depth[zoomed]!
        ? ''
        : `, ${((100 * tree.total[node]!) / tree.total[zoomed]!).toFixed(2)}% of view`;
    return [
      `total ${amount(tree.total[node]!, tree.weight, unit)}${ofView}`,
      `self ${amount(tree.self[node]!, tree.weight, unit)}`,
    ];
  }

  private drawCrumbs(): void {
    const { tree } = this.store.flame(this.callers);
    const hint = this.callers
      ? 'Bottom-up: what took the time, and above it who called it'
      : 'Click a frame to zoom in';
    this.bar.show(tree, this.words!, this.host.clientWidth, hint);
  }
}
