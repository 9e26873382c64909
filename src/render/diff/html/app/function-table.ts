import { VERDICTS } from '../../../../profile/diff/comparison.ts';
import { element, swatch } from '../../../html/app/dom.ts';
import { nameColumns } from '../../../html/app/function-table.ts';
import { type Column, Table } from '../../../html/app/table.ts';
import { fillOfChange } from '../../diff-colors.ts';
import { EFFECTS, titleOf } from '../../effect.ts';
import type { DiffStore, FunctionRow } from './store.ts';

/** Every function with its shares, change, interval and verdict; follows search and legend. */
export class DiffTable {
  readonly host: HTMLElement;
  private readonly store: DiffStore;
  private readonly table: Table<FunctionRow>;

  /** @param choose called with the function that a person chose */
  constructor(store: DiffStore, choose: (row: FunctionRow) => void) {
    this.store = store;
    this.table = new Table(columnsOf(store), 'change', choose);
    this.host = this.table.host;
  }

  update(): void {
    const { verdict } = this.store.choice;
    const hits = this.store.hits();
    const rows = this.store.functions.filter(
      (row) =>
        (hits === undefined || hits.frames[row.frame] === 1) &&
        (verdict === undefined || VERDICTS[row.verdict] === verdict),
    );
    this.table.show(rows, this.store.functions.length, this.store.function);
  }

  /** Brings the chosen function into view. */
  reveal(): void {
    this.table.reveal();
  }
}

function columnsOf(store: DiffStore): readonly Column<FunctionRow>[] {
  const { numbers, data } = store;
  const part = (key: 'before' | 'after', title: string): Column<FunctionRow> => ({
    key,
    title,
    largestFirst: true,
    sortKey: (row) => row[key],
    cell: (row) => element('div', { class: `cell number ${key}` }, numbers.part(key, row[key])),
  });
  const order = EFFECTS.map(({ id }) => id);
  return [
    part('before', 'Before'),
    part('after', 'After'),
    {
      key: 'change',
      title: data.page.inShares ? 'Change' : `Change (${numbers.amountUnit})`,
      largestFirst: true,
      sortKey: ({ share }) => Math.abs(share),
      cell: (row) => {
        const fill = fillOfChange(VERDICTS[row.verdict]!, row.share, data.page.negate);
        return element('div', { class: 'cell number change' }, swatch(fill), numbers.amount(row.share));
      },
    },
    {
      key: 'interval',
      title: 'Interval',
      largestFirst: true,
      // By what is sure of a change
      sortKey: ({ low, high }) => (Number.isNaN(low) ? -1 : low > 0 ? low : high < 0 ? -high : 0),
      cell: (row) => element('div', { class: 'cell number interval' }, numbers.interval(row.low, row.high)),
    },
    {
      key: 'verdict',
      title: 'Verdict',
      largestFirst: false,
      sortKey: ({ verdict }) => order.indexOf(VERDICTS[verdict]!),
      cell: (row) => element('div', { class: 'cell verdict' }, titleOf(row, data.page.threshold)),
    },
    {
      key: 'self',
      title: 'Self',
      largestFirst: true,
      sortKey: (row) => Math.abs(numbers.share(row.selfBefore, row.selfAfter)),
      cell: (row) =>
        element(
          'div',
          { class: 'cell number self', title: `self ${numbers.weights(row.selfBefore, row.selfAfter)}` },
          `${numbers.exactPart('before', row.selfBefore)} → ${numbers.exactPart('after', row.selfAfter)}`,
        ),
    },
    ...nameColumns<FunctionRow>(),
  ];
}
