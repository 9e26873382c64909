import { UserError } from '../../errors.ts';
import type { Profile, ValueType } from '../../profile/profile.ts';
import { type DialectChoices, FormatError, type Input, type Notes } from '../format.ts';
import { eachRawLine } from './raw-lines.ts';
import { parseReal, trimEnd } from './rust-text.ts';
import { StackWeights } from './stack-weights.ts';

const header = ['COST', 'CENTRE', 'MODULE', 'SRC', 'no.', 'entries', '%time', '%alloc', '%time', '%alloc'];

/** inferno's `--source`, by what `--event-filter` says. Percents become tenths of a percent. */
const sources: ReadonlyMap<string, { column: string; type: ValueType }> = new Map([
  ['time', { column: '%time', type: { type: 'time', unit: 'permille' } }],
  ['ticks', { column: 'ticks', type: { type: 'ticks', unit: 'count' } }],
  ['bytes', { column: 'bytes', type: { type: 'alloc_space', unit: 'bytes' } }],
]);

/**
 * GHC's cost-centre report as inferno-collapse-ghcprof 0.12.8 reads it: every row has its line, those of nothing too.
 * @throws {FormatError} a row is broken, or there is no such column
 * @throws {UserError} `--event-filter` names no column
 */
export async function readGhcprofAsInferno(input: Input, notes: Notes, choices: DialectChoices): Promise<Profile> {
  const asked = choices.eventFilter === 'alloc_space' ? 'bytes' : (choices.eventFilter ?? 'time');
  const source = sources.get(asked);
  if (source === undefined) {
    throw new UserError(`--compat inferno knows no ${asked} in ${input.name}`, {
      hint: `--event-filter is one of ${[...sources.keys()].join(', ')}`,
    });
  }
  const stacks = new StackWeights();
  const names: string[] = [];
  let columns: { module: number; cost: number } | undefined;
  let state = 'before' as 'before' | 'gap' | 'rows' | 'after';
  let lineNumber = 0;
  await eachRawLine(input, 'utf8', (raw) => {
    lineNumber++;
    const where = `line ${lineNumber}`;
    if (state === 'before') {
      const words = raw.split(/\s+/).filter((word) => word !== '');
      if (header.some((word, i) => words[i] !== word)) return;
      columns = { module: raw.indexOf('MODULE'), cost: columnStart(raw, source.column, input, where) };
      state = 'gap';
      return;
    }
    const line = trimEnd(raw);
    if (state === 'gap') state = 'rows';
    else if (line === '') state = 'after';
    else if (state === 'rows') {
      const depth = line.search(/[^ ]/);
      if (depth > names.length) throw new FormatError(input, where, 'its caller is not there');
      names.length = depth;
      const cost = parseReal(wordFrom(line, columns!.cost));
      if (cost === undefined) throw new FormatError(input, where, 'there is no cost in its column');
      names.push(`${wordFrom(line, columns!.module)}.${wordFrom(line, 0)}`);
      stacks.add(names, Math.max(0, Math.trunc(asked === 'time' ? cost * 10 : cost)));
    }
  });
  if (columns === undefined) notes.add(`as inferno-collapse-ghcprof: ${input.name} has no call graph`);
  return stacks.build(notes, 'inferno-collapse-ghcprof', source.type);
}

/** Where a column starts: ticks and bytes stand on the right of theirs, so behind the one before. */
function columnStart(line: string, column: string, input: Input, where: string): number {
  const start = line.indexOf(column);
  if (start < 0) throw new FormatError(input, where, `there is no column ${column}`, 'record with +RTS -P');
  return column === '%time' ? start : trimEnd(line.slice(0, start)).length;
}

/** The first word from a column on; columns count characters. */
function wordFrom(line: string, column: number): string {
  return /^\s*(\S*)/.exec([...line].slice(column).join(''))![1]!;
}
