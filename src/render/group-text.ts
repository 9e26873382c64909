import pc from 'picocolors';
import { type Grouping, type GroupRow, groupBy } from '../profile/group-by.ts';
import { defaultValueIndex, type Kind, type Profile } from '../profile/profile.ts';
import { totalWeight } from '../profile/total.ts';
import { formatPercent, formatValue } from '../profile/units.ts';
import { escapeTerminal } from '../terminal/escape.ts';
import { padColumns, shortenMiddle } from '../terminal/string-width.ts';
import { KIND_TITLES } from './kind-titles.ts';
import { summaryOf } from './summary.ts';

export interface GroupTextOptions {
  readonly grouping: Grouping;
  /** Rows of the table. Default 20. */
  readonly limit?: number;
  /** Columns that a line may take. Default 100. */
  readonly width?: number;
  /** Default false. */
  readonly color?: boolean;
  /** Index into `valueTypes`. Default: the profile's default. */
  readonly valueIndex?: number;
}

/** What a group is called in a table: kinds by their titles, the rest by name, `[unknown]` where there is none. */
function groupTitle({ name }: GroupRow, grouping: Grouping): string {
  return grouping === 'kind' ? KIND_TITLES[name as Kind] : name || '[unknown]';
}

/** The weight by module, file, kind or thread as a table, ending in a newline. */
export function groupText(profile: Profile, options: GroupTextOptions): string {
  const { grouping, width = 100 } = options;
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const colors = pc.createColors(options.color ?? false);
  const { unit } = profile.valueTypes[valueIndex]!;
  const whole = totalWeight(profile, valueIndex);
  const all = groupBy(profile, grouping, valueIndex);
  const rows = all.slice(0, options.limit ?? 20);
  const numbers = [
    ['self', '%', 'total', '%'],
    ...rows.map(({ self, total }) => [
      escapeTerminal(formatValue(self, unit)),
      formatPercent(self, whole, 1),
      escapeTerminal(formatValue(total, unit)),
      formatPercent(total, whole, 1),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((i) => numbers.reduce((most, cells) => Math.max(most, cells[i]!.length), 0));
  const names = [grouping, ...rows.map((row) => escapeTerminal(groupTitle(row, grouping)))];
  const room = Math.max(8, width - widths.reduce((sum, column) => sum + column + 2, 0));
  const table = names.map((name, row) => {
    const cells = numbers[row]!.map((cell, i) => padColumns(cell, widths[i]!, 'left')).join('  ');
    const line = `${cells}  ${shortenMiddle(name, room)}`;
    return row === 0 ? colors.dim(line) : line;
  });
  const more = all.length > rows.length ? [colors.dim(`... ${all.length - rows.length} more`)] : [];
  return [escapeTerminal(summaryOf(profile, valueIndex).join('  ')), '', ...table, ...more, ''].join('\n');
}
