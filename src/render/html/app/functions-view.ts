import { element } from './dom.ts';
import { FunctionTable } from './function-table.ts';
import { Sandwich, type SandwichEvents } from './sandwich.ts';
import type { Store } from './store.ts';

/** The table of functions, and beside it the one that was chosen, with callers and callees. */
export class FunctionsView {
  readonly host: HTMLElement;
  private readonly store: Store;
  private readonly table: FunctionTable;
  private readonly sandwich: Sandwich;

  constructor(store: Store, events: Omit<SandwichEvents, 'close'>) {
    this.store = store;
    this.table = new FunctionTable(store, (row) => store.lookAt(row));
    this.sandwich = new Sandwich(store, { ...events, close: () => store.lookAt(undefined) });
    this.host = element('div', { class: 'functions-view' }, this.table.host, this.sandwich.host);
  }

  update(): void {
    this.table.update();
    this.showFunction();
  }

  /** Paints what is searched for. */
  updateSearch(): void {
    this.table.update();
    this.sandwich.update();
  }

  showFunction(): void {
    const row = this.store.function;
    this.host.classList.toggle('with-sandwich', row !== undefined);
    this.table.update();
    if (row === undefined) return;
    this.sandwich.show(row);
    this.table.reveal();
  }
}
