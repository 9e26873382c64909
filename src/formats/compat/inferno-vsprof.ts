import type { Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { eachRawLine } from './raw-lines.ts';
import { trim, trimEnd } from './rust-text.ts';
import { StackWeights } from './stack-weights.ts';

const header =
  'Level,Function Name,Number of Calls,Elapsed Inclusive Time %,Elapsed Exclusive Time %,Avg Elapsed Inclusive Time,Avg Elapsed Exclusive Time,Module Name,';

/** A function on the open stack, with its calls less those of its last callee. */
interface Call {
  readonly name: string;
  calls: number;
}

/**
 * Visual Studio's call tree as inferno-collapse-vsprof 0.12.8 reads it: from a function's calls those of its last
 * callee are taken off; of equal stacks the last one's weight stays.
 * @throws {FormatError} a line is broken
 */
export async function readVsprofAsInferno(input: Input, notes: Notes): Promise<Profile> {
  const stacks = new StackWeights();
  const open: Call[] = [];
  let lineNumber = 0;
  const write = () => {
    const calls = open.at(-1)?.calls ?? 0;
    if (calls > 0)
      stacks.replace(
        open.map(({ name }) => name),
        calls,
      );
  };
  await eachRawLine(input, 'utf8', (raw) => {
    const where = `line ${++lineNumber}`;
    const line = trimEnd(raw);
    if (lineNumber === 1) {
      const first = trim(raw).replace(/^\ufeff+/, '');
      if (!first.startsWith(header))
        throw new FormatError(input, where, 'the header is not that of a call tree summary');
      return;
    }
    if (line === '') return;
    const row = rowOf(line);
    if (row === undefined || row.level > open.length + 1) {
      throw new FormatError(input, where, 'this is no level, function and number of calls, or its caller is not there');
    }
    if (row.level <= open.length) close(open, row.level, write);
    open.push({ name: row.name, calls: row.calls });
  });
  write();
  return stacks.build(notes, 'inferno-collapse-vsprof', { type: 'calls', unit: 'count' });
}

/** Writes the leaf, and the callers that made more calls than it, on the way down to `level`. */
function close(open: Call[], level: number, write: () => void): void {
  if (open.length === level) {
    write();
    open.pop();
    return;
  }
  let before = 0;
  for (let count = open.length - level + 1; count > 0 && open.length > 0; count--) {
    if (before !== open.at(-1)!.calls) write();
    before = open.pop()!.calls;
    const caller = open.at(-1);
    if (caller && before < caller.calls) caller.calls -= before;
  }
}

function rowOf(line: string): { level: number; name: string; calls: number } | undefined {
  const level = nextNumber(line);
  if (!level?.rest.startsWith('"')) return undefined;
  const end = level.rest.indexOf('"', 1);
  const calls = end < 0 ? undefined : nextNumber(level.rest.slice(end + 1));
  return calls && { level: level.value, name: level.rest.slice(1, end), calls: calls.value };
}

/** A number with its thousands apart (`"2,893,824"`, `12`), and what follows its comma. */
function nextNumber(text: string): { value: number; rest: string } | undefined {
  const field = text.replace(/^,/, '');
  const quoted = field.startsWith('"');
  const end = quoted ? field.indexOf('"', 1) : field.indexOf(',');
  if (quoted && end < 0) return undefined;
  const number = field.slice(quoted ? 1 : 0, end < 0 ? field.length : end);
  if (!/^\d{0,3}(?:([,. ])(?:\d{3}\1)*\d{0,3})?$/.test(number)) return undefined;
  const rest = end < 0 ? '' : field.slice(end + 1);
  return { value: Number(number.replace(/\D/g, '')), rest: quoted ? rest.replace(/^,/, '') : rest };
}
