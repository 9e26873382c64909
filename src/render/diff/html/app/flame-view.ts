import { button, element } from '../../../html/app/dom.ts';
import { FlameCanvas } from '../../../html/app/flame-canvas.ts';
import { Words } from '../../../html/app/words.ts';
import { ZoomBar } from '../../../html/app/zoom-bar.ts';
import { looksOf } from './looks.ts';
import { linesOf, type Said } from './said.ts';
import type { DiffStore } from './store.ts';

export interface DiffFlameEvents {
  /** Pointed at; -1 = nothing. */
  hover(frame: number, lines: readonly string[], at: MouseEvent): void;
  /** Clicked or reached with the keys. @param said undefined = nothing is */
  select(frame: number, said: Said | undefined): void;
  zoom(): void;
}

/** The flame graph of both sides, in the view that was chosen. */
export class DiffFlameView {
  readonly host: HTMLElement;
  private readonly store: DiffStore;
  private readonly events: DiffFlameEvents;
  private readonly words: Words;
  private readonly canvas: FlameCanvas;
  private readonly bar: ZoomBar;
  private readonly turn = button({ class: 'push' }, 'Icicle', () => this.flip());
  private down: boolean;

  constructor(store: DiffStore, events: DiffFlameEvents) {
    this.store = store;
    this.events = events;
    this.words = new Words(store.data.profile);
    this.down = store.data.page.inverted;
    this.canvas = new FlameCanvas('Differential flame graph; arrow keys move, Enter zooms', {
      hover: (node, at) => this.hover(node, at),
      select: (node) => this.events.select(node < 0 ? -1 : store.tree.frame[node]!, this.saidOf(node)),
      zoom: () => {
        this.drawCrumbs();
        this.events.zoom();
      },
    });
    this.bar = new ZoomBar(this.canvas, this.turn);
    this.host = element('div', { class: 'flame-view' }, this.bar.host, this.canvas.host);
    this.update(false);
  }

  /** @param sameNodes only colours, widths or the direction have changed */
  update(sameNodes: boolean): void {
    const { store } = this;
    const { profile, page } = store.data;
    this.canvas.show(
      {
        profile,
        tree: store.view(),
        ...looksOf(store.tree, store.numbers, (node) => store.verdictOf(node), page.negate),
        isHit: store.isHit(),
        hitsKeepColor: true,
        down: this.down,
        skip: 0,
        rootLabel: `all  ${store.numbers.weights(page.before.total, page.after.total)}`,
      },
      sameNodes,
    );
    this.turn.setAttribute('aria-pressed', String(this.down));
    this.drawCrumbs();
  }

  /** The path of the node that fills the width; '' = all. */
  get zoomAddress(): string {
    const node = this.canvas.zoomedNode;
    return node < 0 ? '' : String(this.store.tree.path[node]!);
  }

  set zoomAddress(address: string) {
    this.canvas.zoomTo(address === '' ? -1 : this.store.tree.path.indexOf(Number(address)), false);
    this.drawCrumbs();
  }

  /** @returns whether there was a zoom to leave */
  resetZoom(): boolean {
    return this.bar.leave();
  }

  private flip(): void {
    this.down = !this.down;
    this.update(true);
  }

  private saidOf(node: number): Said | undefined {
    if (node < 0) return undefined;
    const { tree, data } = this.store;
    const path = tree.path[node]!;
    return {
      before: tree.before.total[node]!,
      after: tree.after.total[node]!,
      selfBefore: tree.before.self[node]!,
      selfAfter: tree.after.self[node]!,
      low: data.paths.low[path]!,
      high: data.paths.high[path]!,
      verdict: data.paths.verdict[path]!,
    };
  }

  private hover(node: number, at: MouseEvent): void {
    const said = this.saidOf(node);
    if (said === undefined) this.events.hover(-1, [], at);
    else
      this.events.hover(
        this.store.tree.frame[node]!,
        linesOf(said, this.store.numbers, this.store.data.page.threshold),
        at,
      );
  }

  private drawCrumbs(): void {
    this.bar.show(this.store.tree, this.words, this.host.clientWidth, 'Click a frame to zoom in');
  }
}
