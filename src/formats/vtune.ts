import { ProfileBuilder } from '../profile/builder.ts';
import { nativeKind } from '../profile/kind.ts';
import type { Profile } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { csvLine } from './text/csv-line.ts';
import { headLines, textLines } from './text/lines.ts';
import { ownCopy } from './text/own-copy.ts';

/**
 * Intel VTune's top-down report as CSV (`vtune -report top-down -report-knob column-by="CPU Time:Self,Module"
 * -format csv -csv-delimiter comma`): a call tree by indentation, one blank a level, with seconds of CPU time.
 */
export const vtune: Format = {
  id: 'vtune',
  title: 'VTune top-down CSV',
  detect,
  read,
  dialects: new Map([
    ['inferno', async (...words) => (await import('./compat/inferno-vtune.ts')).readVtuneAsInferno(...words)],
  ]),
};

const header = /^"?Function Stack"?,"?CPU Time:Self"?(?:,"?Module"?)?,?$/;

function detect(head: Uint8Array): Claim {
  return headLines(head).some((line) => header.test(line)) ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const builder = new ProfileBuilder([{ type: 'cpu', unit: 'nanoseconds' }]);
  const stacks: number[] = [];
  let lineNumber = 0;
  let started = false;
  for await (const lines of textLines(input)) {
    for (const line of lines) {
      lineNumber++;
      if (!started) {
        started = header.test(line);
        continue;
      }
      if (line.trim() === '') continue;
      const where = `line ${lineNumber}`;
      const fields = csvLine(line);
      if (!fields || fields.length < 2) throw new FormatError(input, where, 'this is no function, time and module');
      const [func, seconds, module] = fields as [string, string, string?];
      const depth = func.length - func.trimStart().length;
      if (depth > stacks.length)
        throw new FormatError(input, where, `it is indented by ${depth}, but its caller is not there`);
      stacks.length = depth;
      const name = ownCopy(func.trim());
      const dso = ownCopy((module ?? '').trim()).replace(/^\[Unknown\]$/, '');
      const kind = dso === '' ? 'unknown' : nativeKind(name, dso);
      const stack = builder.stack(stacks.at(-1) ?? -1, builder.frame({ name, module: dso, kind }));
      stacks.push(stack);
      const nanoseconds = /^\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?$/.test(seconds.trim())
        ? Math.round(Number(seconds) * 1e9)
        : Number.NaN;
      if (!(nanoseconds <= Number.MAX_SAFE_INTEGER)) {
        throw new FormatError(input, where, `'${seconds.slice(0, 40)}' is no number of seconds`);
      }
      if (nanoseconds > 0) builder.sample(stack, [nanoseconds]);
    }
  }
  if (!started) throw new FormatError(input, '', 'there is no line `Function Stack,CPU Time:Self,Module`');
  return builder.build({ tool: 'vtune', notes: notes.list });
}
