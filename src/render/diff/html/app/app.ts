import { element } from '../../../html/app/dom.ts';
import { FunctionsView } from '../../../html/app/functions-view.ts';
import { TabbedViews } from '../../../html/app/tabbed-views.ts';
import type { TabInfo } from '../../../html/app/tabs.ts';
import { Words } from '../../../html/app/words.ts';
import { KIND_TITLES } from '../../../kind-titles.ts';
import { VIEWS } from '../../views.ts';
import { aboutView } from './about-view.ts';
import { type DiffAddress, readAddress, writeAddress } from './address.ts';
import { DiffDetails } from './details.ts';
import { DiffFlameView } from './flame-view.ts';
import { DiffTable } from './function-table.ts';
import { DiffHeader } from './header.ts';
import { DiffLegend } from './legend.ts';
import { DiffSandwich } from './sandwich.ts';
import type { DiffChange, DiffStore, FunctionRow } from './store.ts';

type ViewId = 'flame' | 'functions' | 'about';
const TABS: readonly TabInfo<ViewId>[] = [
  { id: 'flame', title: 'Flame graph' },
  { id: 'functions', title: 'Functions' },
  { id: 'about', title: 'About' },
];

/** Puts the views of a comparison together. */
export class DiffApp {
  readonly parts: readonly HTMLElement[];
  private readonly store: DiffStore;
  private readonly words: Words;
  private readonly header: DiffHeader;
  private readonly legend: DiffLegend;
  private readonly details: DiffDetails;
  private readonly flame: DiffFlameView;
  private readonly functions: FunctionsView<FunctionRow>;
  private readonly views: TabbedViews<ViewId>;

  constructor(store: DiffStore) {
    this.store = store;
    this.words = new Words(store.data.profile);
    this.header = new DiffHeader(store, TABS, (id) => this.views.go(id as ViewId));
    this.legend = new DiffLegend(store);
    this.details = new DiffDetails(store, (row) => this.lookAt(row));
    const hover = (frame: number, lines: readonly string[], at: MouseEvent): void => this.hover(frame, lines, at);
    this.flame = new DiffFlameView(store, {
      hover,
      select: (frame, said) => this.details.show(frame, said),
      zoom: () => this.views.remember(true),
    });
    this.functions = new FunctionsView(
      store,
      new DiffTable(store, (row) => store.lookAt(row)),
      new DiffSandwich(store, { hover, close: () => store.lookAt(undefined) }),
    );
    const hosts: Readonly<Record<ViewId, HTMLElement>> = {
      flame: this.flame.host,
      functions: this.functions.host,
      about: aboutView(store.data.page),
    };
    this.views = new TabbedViews(TABS, hosts, {
      header: this.header,
      opened: (view) => this.opened(view),
      leave: () => this.leave(),
      key: (key) => this.key(key),
      write: (asNewPage) => this.write(asNewPage),
      follow: () => this.follow(readAddress()),
    });
    this.parts = [this.header.host, this.legend.host, element('main', {}, ...this.views.panels), this.details.host];
    store.onChange((change) => this.changed(change));
  }

  private opened(view: ViewId): void {
    this.legend.host.hidden = view === 'about';
    if (view === 'functions') this.functions.table.update();
  }

  private changed(change: DiffChange): void {
    if (change === 'function') {
      this.functions.update();
    } else {
      this.header.update();
      this.legend.update();
      this.flame.update(true);
      this.functions.updateSearch();
    }
    this.views.remember(false);
  }

  private lookAt(row: FunctionRow): void {
    this.views.open('functions');
    // A page of its own before the store replaces its address
    this.views.remember(true);
    this.store.lookAt(row);
  }

  private hover(frame: number, lines: readonly string[], at: MouseEvent): void {
    if (frame < 0) {
      this.views.tooltip.hide();
      return;
    }
    const { name, place, kind } = this.words.of(frame);
    this.views.tooltip.show(at, name, [place, ...lines, kind === KIND_TITLES.unknown ? '' : kind]);
  }

  private write(asNewPage: boolean): void {
    const { choice, data, function: row } = this.store;
    writeAddress(
      {
        view: this.views.current === 'flame' ? '' : this.views.current,
        search: choice.term,
        widths: choice.widths === data.page.widths ? undefined : choice.widths,
        zoom: this.flame.zoomAddress,
        function: row === undefined ? '' : String(row.frame),
      },
      asNewPage,
    );
  }

  /** Shows what an address asks for. */
  private follow(address: DiffAddress): void {
    const { store } = this;
    if (address.search !== '' || location.hash !== '') store.choose({ term: address.search });
    store.choose({ widths: address.widths ?? store.data.page.widths });
    this.views.open(this.views.has(address.view) ? address.view : 'flame');
    this.flame.zoomAddress = address.zoom;
    const row = address.function === '' ? undefined : store.functionOf(Number(address.function));
    if (row !== store.function) store.lookAt(row);
  }

  private leave(): void {
    if (this.header.clearSearch()) return;
    if (this.views.current === 'flame' && this.flame.resetZoom()) return;
    if (this.views.current === 'functions') this.store.lookAt(undefined);
  }

  private key(key: string): void {
    if (key === 'v') {
      const at = VIEWS.findIndex(({ widths }) => widths === this.store.choice.widths);
      this.store.choose({ widths: VIEWS[(at + 1) % VIEWS.length]!.widths });
    } else if (key === 'c' && this.details.shown !== undefined) this.lookAt(this.details.shown);
  }
}
