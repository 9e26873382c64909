import { element } from './dom.ts';

/** A table of functions; follows search and legend. */
interface FunctionRows {
  readonly host: HTMLElement;
  update(): void;
  /** Brings the chosen function into view. */
  reveal(): void;
}

/** One function between its callers and what it calls. */
interface Around<Row> {
  readonly host: HTMLElement;
  show(row: Row): void;
  /** @param sameNodes only what is searched for, or how it is drawn, has changed */
  update(sameNodes: true): void;
}

/** The table of functions, and beside it the one that was chosen, with callers and callees. */
export class FunctionsView<Row> {
  readonly host: HTMLElement;
  readonly table: FunctionRows;
  private readonly store: { readonly function: Row | undefined };
  private readonly around: Around<Row>;

  /** @param store knows the function that is looked at */
  constructor(store: { readonly function: Row | undefined }, table: FunctionRows, around: Around<Row>) {
    this.store = store;
    this.table = table;
    this.around = around;
    this.host = element('div', { class: 'functions-view' }, table.host, around.host);
  }

  /** Paints what is searched for. */
  updateSearch(): void {
    this.table.update();
    this.around.update(true);
  }

  /** Shows the functions of the store, and the one that is looked at. */
  update(): void {
    const row = this.store.function;
    this.host.classList.toggle('with-sandwich', row !== undefined);
    this.table.update();
    if (row === undefined) return;
    this.around.show(row);
    this.table.reveal();
  }
}
