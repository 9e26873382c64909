import { ProfileBuilder } from '../profile/builder.ts';
import type { Profile } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { headLines, textLines } from './text/lines.ts';
import { ownCopy } from './text/own-copy.ts';

/**
 * GHC's cost-centre report (`+RTS -p` or `-P`; GHC user's guide, "Profiling"): the second table is a call tree by
 * indentation. With `-P` it has ticks and bytes, else only percents, which are taken as tenths of a percent.
 */
export const ghcprof: Format = {
  id: 'ghcprof',
  title: 'GHC cost-centre report',
  detect,
  read,
  dialects: new Map([
    ['inferno', async (...words) => (await import('./compat/inferno-ghcprof.ts')).readGhcprofAsInferno(...words)],
  ]),
};

/** Of the call tree; the table of the dearest cost centres before it has no `no.` and `entries`. */
const treeHeader =
  /^COST CENTRE\s+MODULE\s+(SRC\s+)?no\.\s+entries\s+%time\s+%alloc\s+%time\s+%alloc(\s+ticks\s+bytes)?\s*$/;
const row =
  /^( *)(\S+) +(\S+)(?: +(\S.*?))? +(\d+) +(\d+) +(\d+\.\d+) +(\d+\.\d+) +(\d+\.\d+) +(\d+\.\d+)(?: +(\d{1,15}) +(\d{1,15}))?\s*$/;

function detect(head: Uint8Array): Claim {
  const lines = headLines(head);
  return lines.slice(0, 8).some((line) => /Time and Allocation Profiling Report/.test(line)) ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  let builder: ProfileBuilder | undefined;
  let ticks = false;
  let lineNumber = 0;
  const stacks: number[] = [];
  for await (const lines of textLines(input)) {
    for (const line of lines) {
      lineNumber++;
      if (!builder) {
        const header = treeHeader.exec(line);
        if (!header) continue;
        ticks = header[2] !== undefined;
        const time = ticks ? { type: 'ticks', unit: 'count' } : { type: 'time', unit: 'permille' };
        const alloc = ticks ? { type: 'alloc_space', unit: 'bytes' } : { type: 'alloc', unit: 'permille' };
        builder = new ProfileBuilder([alloc, time]);
        continue;
      }
      if (line.trim() === '') continue;
      // Longer ones are no rows, and would make the pattern slow
      const found = line.length < 10_000 ? row.exec(line) : null;
      const where = `line ${lineNumber}`;
      if (!found || (found[11] !== undefined) !== ticks)
        throw new FormatError(input, where, 'this is no row of the call tree');
      const depth = found[1]!.length;
      if (depth > stacks.length) throw new FormatError(input, where, 'its caller is not there');
      stacks.length = depth;
      const name = ownCopy(`${found[3]}.${found[2]}`);
      const stack = builder.stack(stacks.at(-1) ?? -1, builder.frame({ name }));
      stacks.push(stack);
      const values = ticks
        ? [Number(found[12]), Number(found[11])]
        : [found[8], found[7]].map((part) => Math.round(Number(part) * 10));
      if (values.some((value) => value > 0)) builder.sample(stack, values);
    }
  }
  if (!builder) throw new FormatError(input, '', 'there is no call tree of cost centres', 'the file was cut');
  return builder.build({ tool: 'ghc', notes: notes.list });
}
