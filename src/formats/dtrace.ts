import { ProfileBuilder } from '../profile/builder.ts';
import { nativeKind } from '../profile/kind.ts';
import type { Profile } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { readableRustName } from './frames/rust-names.ts';
import { headLines, textLines } from './text/lines.ts';
import { ownCopy } from './text/own-copy.ts';

/**
 * Stacks that DTrace prints for `@[stack()] = count()` and `@[ustack()] = count()`: frames leaf first, one a line, as
 * ``module`function+0x1a``, then a line with the count. Kernel and user stacks of one record stand in one block. What
 * stands before the first empty line is DTrace's header.
 */
export const dtrace: Format = {
  id: 'dtrace',
  title: 'DTrace stacks',
  detect,
  read,
  dialects: new Map([
    ['inferno', async (...words) => (await import('./compat/inferno-dtrace.ts')).readDtraceAsInferno(...words)],
  ]),
};

const count = /^\s*(\d+)\s*$/;
const frameLine = /^\s+(?:[^`\s][^`]*`\S.*|0x[0-9a-f]+)$/;

function detect(head: Uint8Array): Claim {
  const lines = headLines(head);
  if (/^CPU\s+ID\s+FUNCTION:NAME\s*$/.test(lines[0]!)) return 'yes';
  const first = lines.findIndex((line) => line.trim() === '');
  const frames = first < 0 ? [] : lines.slice(first).filter((line) => line.trim() !== '' && !count.test(line));
  const named = frames.filter((line) => frameLine.test(line) && line.includes('`')).length;
  return named > 0 && frames.every((line) => frameLine.test(line)) ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const frames = new Map<string, readonly number[]>();
  let block: string[] = [];
  let inHeader = true;
  let lineNumber = 0;
  for await (const lines of textLines(input)) {
    for (const line of lines) {
      lineNumber++;
      if (line.trim() === '') {
        inHeader = false;
        continue;
      }
      if (inHeader) continue;
      const weight = count.exec(line)?.[1];
      if (weight === undefined) {
        block.push(ownCopy(line.trim()));
        continue;
      }
      if (Number(weight) > Number.MAX_SAFE_INTEGER) {
        throw new FormatError(input, `line ${lineNumber}`, `the count ${weight.slice(0, 40)} is above 2^53`);
      }
      let stack = -1;
      for (let i = block.length - 1; i >= 0; i--) {
        for (const frame of framesOf(builder, frames, block[i]!)) stack = builder.stack(stack, frame);
      }
      builder.sample(stack, [Number(weight)]);
      block = [];
    }
  }
  if (block.length > 0) {
    notes.add(`${input.name}: the last stack has no count and is left out: the file was cut`);
  }
  return builder.build({ tool: 'dtrace', notes: notes.list });
}

/** The frames of one line: Java's agent writes inlined callees behind their caller, `a->b`. */
function framesOf(builder: ProfileBuilder, known: Map<string, readonly number[]>, line: string): readonly number[] {
  let frames = known.get(line);
  if (frames === undefined) {
    const text = line.replace(/\+0x[0-9a-f]+$/, '');
    const tick = text.indexOf('`');
    const module = tick < 0 ? '' : text.slice(0, tick);
    const names = text.slice(tick + 1).split('->');
    frames = names.map((part, i) => {
      const name = readableRustName(part.replace(/^L(?=[\w$]+(?:\/[\w$]+)*;)/, ''));
      if (i > 0) return builder.frame({ name, kind: 'inlined' });
      const kind = /^(?:genunix|unix|mach_kernel|kernel)$/.test(module) ? 'kernel' : nativeKind(name, module);
      return builder.frame({ name, module, kind: tick < 0 ? 'unknown' : kind });
    });
    known.set(line, frames);
  }
  return frames;
}
