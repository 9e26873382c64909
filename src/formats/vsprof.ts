import { ProfileBuilder } from '../profile/builder.ts';
import type { Profile } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { csvLine } from './text/csv-line.ts';
import { headLines, textLines } from './text/lines.ts';
import { ownCopy } from './text/own-copy.ts';

/**
 * Visual Studio's call tree as CSV (`VSPerfReport /Summary:CallTree`): one function a line with its level, in preorder.
 * The weight is how often it was called: the times in the file are rounded averages and percents. (inferno takes off
 * the calls of the last callee.) The level 0 is the process, which was not called.
 */
export const vsprof: Format = {
  id: 'vsprof',
  title: 'Visual Studio call tree CSV',
  detect,
  read,
  dialects: new Map([
    ['inferno', async (input, notes) => (await import('./compat/inferno-vsprof.ts')).readVsprofAsInferno(input, notes)],
  ]),
};

const header = /^"?Level"?,"?Function Name"?,"?Number of Calls"?,/;

function detect(head: Uint8Array): Claim {
  return header.test(headLines(head)[0]!) ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const builder = new ProfileBuilder([{ type: 'calls', unit: 'count' }]);
  const stacks: number[] = [];
  let lineNumber = 0;
  for await (const lines of textLines(input)) {
    for (const line of lines) {
      const where = `line ${++lineNumber}`;
      if (lineNumber === 1) {
        if (!header.test(line)) throw new FormatError(input, where, 'the header is not that of a call tree summary');
        continue;
      }
      if (line.trim() === '') continue;
      const fields = csvLine(line);
      if (!fields) throw new FormatError(input, where, 'a quote does not close');
      const [level, name, calls, , , , , module] = fields;
      if (!/^\d{1,9}$/.test(level ?? ''))
        throw new FormatError(input, where, `'${(level ?? '').slice(0, 40)}' is no level`);
      if (name === undefined || calls === undefined)
        throw new FormatError(input, where, 'there is no name or number of calls');
      const count = /^\d{1,3}(?:,\d{3})*$|^\d+$/.test(calls) ? Number(calls.replaceAll(',', '')) : Number.NaN;
      if (!(count <= Number.MAX_SAFE_INTEGER)) {
        throw new FormatError(input, where, `'${calls.slice(0, 40)}' is no number of calls`);
      }
      const depth = Number(level);
      if (depth > stacks.length)
        throw new FormatError(input, where, `it has level ${depth}, but its caller is not there`);
      stacks.length = depth;
      if (depth === 0) {
        stacks.push(-1);
        continue;
      }
      const frame = builder.frame({ name: ownCopy(name), module: ownCopy(module ?? '') });
      const stack = builder.stack(stacks[depth - 1]!, frame);
      stacks.push(stack);
      if (count > 0) builder.sample(stack, [count]);
    }
  }
  return builder.build({ tool: 'vsprof', notes: notes.list });
}
