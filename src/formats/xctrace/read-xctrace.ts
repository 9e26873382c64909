import type { Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { readXml } from '../text/xml-reader.ts';
import { XctraceTable } from './table.ts';

/** How to get a table with stacks out of a recording. */
const EXPORT = `xcrun xctrace export --input FILE.trace --xpath '/trace-toc/run/data/table[@schema="time-profile"]'`;

/** The rows of the table, one a sample. */
export async function readXctrace(input: Input, notes: Notes): Promise<Profile> {
  const table = new XctraceTable(input);
  const open = await readXml(input, table);
  if (table.root === 'trace-toc') {
    throw new FormatError(input, '', 'this is the table of contents of a recording', `export a table: ${EXPORT}`);
  }
  if (open.length > 0)
    notes.add(`${input.name} ends within <${open.at(-1)}>: the file was cut, what follows is missing`);
  if (table.rows === 0) throw new FormatError(input, '', 'there is no row of a table', `export it again: ${EXPORT}`);
  if (table.backtraces === 0) {
    throw new FormatError(input, '', 'no row of the table has a backtrace', `export another table: ${EXPORT}`);
  }
  return table.profile(notes);
}
