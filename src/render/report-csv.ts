import { type Grouping, groupBy } from '../profile/group-by.ts';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { top } from '../profile/top.ts';
import { totalWeight } from '../profile/total.ts';
import { csvLine } from './csv-line.ts';
import type { Renderer } from './renderer.ts';
import { type TreeOptions, treeRows } from './tree-rows.ts';

export interface CsvOptions {
  /** Rows. Default: all. */
  readonly limit?: number;
  /** Index into `valueTypes`. Default: the profile's default. */
  readonly valueIndex?: number;
}

/** The hottest functions, one row each, for spreadsheets: RFC 4180 with a line of titles; weights are raw numbers. */
export const reportCsv: Renderer<CsvOptions> = {
  id: 'csv',
  title: 'hottest functions for spreadsheets',
  extension: 'csv',
  render: topCsv,
};

function* topCsv(profile: Profile, options: CsvOptions = {}): Iterable<string> {
  const percent = percentOf(profile, options.valueIndex);
  yield 'self,self_percent,total,total_percent,function,file,line,module,kind\r\n';
  for (const { self, total, name, file, line, module, kind } of top(profile, options)) {
    yield csvLine([self, percent(self), total, percent(total), name, file, line, module, kind]);
  }
}

/** The call tree, one row a node: `row` and `parent` (-1 = root) make the tree again. */
export function* treeCsv(profile: Profile, options: TreeOptions = {}): Iterable<string> {
  const percent = percentOf(profile, options.valueIndex);
  yield 'row,parent,depth,total,total_percent,self,self_percent,function,file,line,module,kind\r\n';
  let row = 0;
  for (const { parent, depth, total, self, name, file, line, module, kind } of treeRows(profile, options)) {
    yield csvLine([row, parent, depth, total, percent(total), self, percent(self), name, file, line, module, kind]);
    row++;
  }
}

/** The weight by module, file, kind or thread. */
export function* groupCsv(profile: Profile, grouping: Grouping, options: CsvOptions = {}): Iterable<string> {
  const percent = percentOf(profile, options.valueIndex);
  yield `self,self_percent,total,total_percent,${grouping}\r\n`;
  for (const { name, self, total } of groupBy(profile, grouping, options.valueIndex).slice(0, options.limit)) {
    yield csvLine([self, percent(self), total, percent(total), name]);
  }
}

function percentOf(profile: Profile, valueIndex = defaultValueIndex(profile)): (part: number) => number {
  const whole = totalWeight(profile, valueIndex);
  return (part) => (whole === 0 ? 0 : Number(((part / whole) * 100).toFixed(4)));
}
