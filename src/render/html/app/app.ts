import type { TopRow } from '../../../profile/top.ts';
import { AboutView } from './about-view.ts';
import { type Address, readAddress, writeAddress } from './address.ts';
import { Details } from './details.ts';
import { element } from './dom.ts';
import { FlameView } from './flame-view.ts';
import { FunctionTable } from './function-table.ts';
import { FunctionsView } from './functions-view.ts';
import { Header } from './header.ts';
import { helpDialog } from './help.ts';
import { Legend } from './legend.ts';
import { Sandwich } from './sandwich.ts';
import { SourceView } from './source-view.ts';
import { type Change, functionKey, type Store } from './store.ts';
import { TabbedViews } from './tabbed-views.ts';
import type { TabInfo } from './tabs.ts';
import { Timeline } from './timeline.ts';
import { Words } from './words.ts';

type ViewId = 'flame' | 'time' | 'functions' | 'source' | 'about';
const TITLES: Readonly<Record<ViewId, string>> = {
  flame: 'Flame graph',
  time: 'Timeline',
  functions: 'Functions',
  source: 'Source',
  about: 'About',
};

/** Puts the views together: only the one that is seen is kept up to date. */
export class App {
  readonly parts: readonly HTMLElement[];
  private readonly store: Store;
  private readonly header: Header;
  private readonly legend: Legend;
  private readonly details: Details;
  private readonly flame: FlameView;
  private readonly timeline: Timeline;
  private readonly functions: FunctionsView<TopRow>;
  private readonly source: SourceView;
  private readonly about: AboutView;
  private readonly help = helpDialog();
  private readonly views: TabbedViews<ViewId>;
  /** Views that have not seen the last change. */
  private readonly stale = new Set<ViewId>(['flame', 'functions', 'source', 'about']);

  constructor(store: Store) {
    this.store = store;
    const { summary, profile } = store.data;
    const tabs: readonly TabInfo<ViewId>[] = (Object.keys(TITLES) as ViewId[])
      .filter((id) => id !== 'source' || summary.sources.length > 0)
      .map((id) => ({ id, title: TITLES[id] }));
    this.header = new Header(store, tabs, {
      tab: (id) => this.views.go(id as ViewId),
      help: () => this.help.showModal(),
    });
    this.legend = new Legend(store);
    const hover = (words: Words, frame: number, lines: readonly string[], at: MouseEvent): void =>
      this.hover(words, frame, lines, at);
    const select = (frame: number): void => this.details.show(frame);
    this.flame = new FlameView(store, { hover, select, zoom: () => this.views.remember(true) });
    const words = new Words(profile);
    this.timeline = new Timeline(store, words, {
      hover: (frame, lines, at) => this.hover(words, frame, lines, at),
      select,
      narrow: (from, to) => store.choose({ span: { from, to } }),
    });
    this.functions = new FunctionsView(
      store,
      new FunctionTable(store, (row) => store.lookAt(row)),
      new Sandwich(store, { hover, select, close: () => store.lookAt(undefined) }),
    );
    this.source = new SourceView(store);
    this.about = new AboutView(store);
    this.details = new Details(store, {
      callers: (frame) => this.lookAt(frame),
      source: (file, line) => {
        this.views.go('source');
        this.source.open(file, line);
      },
      hasSource: (file) => this.source.has(file),
    });
    const hosts: Readonly<Record<ViewId, HTMLElement>> = {
      flame: this.flame.host,
      time: summary.firstTime === undefined ? noTimes() : this.timeline.host,
      functions: this.functions.host,
      source: this.source.host,
      about: this.about.host,
    };
    this.views = new TabbedViews(tabs, hosts, {
      header: this.header,
      opened: (view) => this.opened(view),
      leave: () => this.leave(),
      key: (key) => this.key(key),
      write: (asNewPage) => this.write(asNewPage),
      follow: () => this.follow(readAddress()),
    });
    const main = element('main', {}, ...this.views.panels);
    this.parts = [this.header.host, this.legend.host, main, this.details.host, this.help];
    store.onChange((change) => this.changed(change));
  }

  private opened(view: ViewId): void {
    this.showLegend();
    if (view === 'time') void this.timeline.open();
    this.refresh();
  }

  private showLegend(): void {
    const { current } = this.views;
    this.legend.host.hidden =
      current === 'about' || current === 'source' || this.store.data.summary.groups.length === 0;
  }

  private refresh(): void {
    const { current } = this.views;
    if (!this.stale.delete(current)) return;
    if (current === 'flame') this.flame.update(false);
    else if (current === 'functions') this.functions.update();
    else if (current === 'source') this.source.update();
    else if (current === 'about') this.about.update();
  }

  private changed(change: Change): void {
    const { current } = this.views;
    if (change === 'function') {
      if (current === 'functions') this.functions.update();
      else this.stale.add('functions');
      this.views.remember(false);
      return;
    }
    this.header.update();
    this.legend.update();
    this.showLegend();
    if (change === 'data') {
      const { function: before } = this.store;
      const same = before === undefined ? undefined : functionKey(before);
      this.flame.forgetZoom();
      for (const id of ['flame', 'functions', 'source', 'about'] as const) this.stale.add(id);
      if (same !== undefined) this.store.lookAt(this.store.functions().find((row) => functionKey(row) === same));
      this.details.update();
      this.refresh();
    } else {
      if (current === 'flame') this.flame.update(true);
      else this.stale.add('flame');
      if (current === 'functions') this.functions.updateSearch();
      else this.stale.add('functions');
    }
    this.views.remember(false);
  }

  private hover(words: Words, frame: number, lines: readonly string[], at: MouseEvent): void {
    if (frame < 0) {
      this.views.tooltip.hide();
      return;
    }
    const { name, place, kind } = words.of(frame);
    const isFunction = frame < this.store.data.profile.frames.length;
    this.views.tooltip.show(at, name, [place, ...lines, ...(isFunction ? [kind] : [])]);
  }

  private lookAt(frame: number): void {
    const row = this.store.functions()[this.store.functionOf()[frame] ?? -1];
    if (row === undefined) return;
    this.views.open('functions');
    // A page of its own before the store replaces its address
    this.views.remember(true);
    this.store.lookAt(row);
  }

  private write(asNewPage: boolean): void {
    const { current } = this.views;
    const { callers, down, zoom } = this.flame.look;
    const { function: row, choice } = this.store;
    writeAddress(
      {
        view: current === this.store.data.summary.view ? '' : current,
        search: choice.term,
        callers: callers === this.store.data.summary.callers ? undefined : callers,
        down: down === this.store.data.summary.inverted ? undefined : down,
        zoom,
        function: row === undefined ? '' : functionKey(row),
      },
      asNewPage,
    );
  }

  /** Shows what an address asks for. */
  private follow(address: Address): void {
    const { store } = this;
    if (address.search !== '' || location.hash !== '') store.choose({ term: address.search });
    // Setting its look draws it
    this.stale.delete('flame');
    this.views.open(this.views.has(address.view) ? address.view : store.data.summary.view);
    this.flame.look = {
      callers: address.callers ?? store.data.summary.callers,
      down: address.down ?? store.data.summary.inverted,
      zoom: address.zoom,
    };
    const row =
      address.function === '' ? undefined : store.functions().find((found) => functionKey(found) === address.function);
    if (row !== store.function) store.lookAt(row);
    if (store.choice.term !== '') this.header.update();
    this.details.update();
  }

  private leave(): void {
    if (this.help.open || this.header.clearSearch()) return;
    if (this.views.current === 'flame' && this.flame.resetZoom()) return;
    if (this.views.current === 'functions') this.store.lookAt(undefined);
  }

  private key(key: string): void {
    if (key === '?') this.help.showModal();
    else if (key === 'c' && this.details.shown >= 0) this.lookAt(this.details.shown);
  }
}

function noTimes(): HTMLElement {
  return element(
    'p',
    { class: 'nothing' },
    'The recording does not say when its samples were taken: there is nothing to show over time. ',
    'perf.data, perf script text and .cpuprofile files do say it.',
  );
}
