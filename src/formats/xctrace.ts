import type { Profile } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { decodeText } from './text/lines.ts';
import { readXml } from './text/xml-reader.ts';
import { XctraceTable } from './xctrace/table.ts';

/**
 * The XML that Apple's `xcrun xctrace export --xpath` writes of a Time Profiler or CPU Profiler table (Instruments):
 * one `<row>` a sample. Values are written once with an `id` and then named by `ref`. Read as a stream: memory grows
 * with what is distinct and with a few numbers a sample, not with the file.
 */
export const xctrace: Format = {
  id: 'xctrace',
  title: 'Instruments (xctrace export)',
  detect,
  dialects: new Map([
    [
      'inferno',
      async (input, notes) => (await import('./compat/inferno-xctrace.ts')).readXctraceAsInferno(input, notes),
    ],
  ]),
  read,
};

/** How to get a table with stacks out of a recording. */
const EXPORT = `xcrun xctrace export --input FILE.trace --xpath '/trace-toc/run/data/table[@schema="time-profile"]'`;

function detect(head: Uint8Array): Claim {
  return /^\s*(?:<\?xml[^>]*>\s*)?<trace-(?:query-result|toc)[\s>]/.test(decodeText(head)) ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
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
