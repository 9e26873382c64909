import { crumbTrail } from './crumbs.ts';
import { button, element } from './dom.ts';
import type { FlameCanvas } from './flame-canvas.ts';
import type { Words } from './words.ts';

/** What of a tree the path to a node is read from: of each node its frame and its parent, -1 = none. */
interface Path {
  readonly frame: Int32Array;
  readonly parent: Int32Array;
}

/** The bar over a flame graph: the way to the frame that fills the width, and back to all. */
export class ZoomBar {
  readonly host: HTMLElement;
  private readonly canvas: FlameCanvas;
  private readonly crumbs = element('nav', { class: 'crumbs', 'aria-label': 'Zoomed to' });
  private readonly all = button({ class: 'push' }, 'Reset zoom', () => this.canvas.zoomTo(-1, true));

  /** @param buttons stand at its end */
  constructor(canvas: FlameCanvas, ...buttons: readonly HTMLButtonElement[]) {
    this.canvas = canvas;
    const room = element('span', { class: 'grow' });
    this.host = element('div', { class: 'toolbar' }, this.crumbs, room, this.all, ...buttons);
  }

  /** @returns whether there was a zoom to leave */
  leave(): boolean {
    if (this.canvas.zoomedNode < 0) return false;
    this.canvas.zoomTo(-1, true);
    return true;
  }

  /**
   * @param width px there are
   * @param hint stands there while all is seen
   */
  show(tree: Path, words: Words, width: number, hint: string): void {
    const path: { node: number; name: string }[] = [];
    for (let node = this.canvas.zoomedNode; node >= 0; node = tree.parent[node]!) {
      path.unshift({ node, name: words.of(tree.frame[node]!).name });
    }
    this.all.disabled = path.length === 0;
    this.crumbs.replaceChildren(...crumbTrail(path, width, hint, (node) => this.canvas.zoomTo(node, true)));
  }
}
