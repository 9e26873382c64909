import type { Profile } from '../../profile/profile.ts';
import { type DialectChoices, FormatError, type Input, type Notes } from '../format.ts';
import { infernoRustName } from './inferno-rust.ts';
import { eachRawLine } from './raw-lines.ts';
import { parseWhole, trimEnd } from './rust-text.ts';
import { StackWeights } from './stack-weights.ts';

/** Where threads wait; inferno leaves their stacks out. */
const waiting = [
  '__psynch_cvwait',
  '__select',
  '__semwait_signal',
  '__ulock_wait',
  '__wait4',
  '__workq_kernreturn',
  'kevent',
  'mach_msg_trap',
  'read',
  'semaphore_wait_trap',
];

/**
 * The report of macOS' `sample` as inferno-collapse-sample 0.12.8 reads it: what waits is left out, and of equal stacks
 * the last one's weight stays.
 * @throws {FormatError} the call tree is broken or does not end
 */
export async function readSampleAsInferno(input: Input, notes: Notes, choices: DialectChoices): Promise<Profile> {
  const stacks = new StackWeights();
  const names: string[] = [];
  let samples = 0;
  let waited = 0;
  let state = 'before' as 'before' | 'tree' | 'after';
  let lineNumber = 0;
  const write = () => {
    const leaf = names.at(-1);
    if (leaf !== undefined && waiting.some((name) => leaf.endsWith(name))) waited += samples;
    else stacks.replace(names, samples);
  };
  await eachRawLine(input, 'utf8', (raw) => {
    lineNumber++;
    if (state === 'before') {
      if (raw.startsWith('Call graph:')) state = 'tree';
      return;
    }
    const line = trimEnd(raw);
    if (state === 'after' || line === '') return;
    if (line.startsWith('Total number in stack')) {
      write();
      state = 'after';
      return;
    }
    const indent = line.startsWith('    ') ? line.slice(4).search(/[^ +|:!]/) : -1;
    if (indent < 0 || indent % 2 !== 0) throw broken(input, lineNumber);
    const depth = indent / 2 + 1;
    if (depth > names.length + 1) throw broken(input, lineNumber);
    if (depth <= names.length) write();
    names.length = depth - 1;
    const node = nodeOf(line.slice(4 + indent), choices.modules !== false);
    if (node === undefined) throw broken(input, lineNumber);
    samples = node.samples;
    names.push(node.name);
  });
  if (state === 'before') notes.add(`as inferno-collapse-sample: ${input.name} has no call graph`);
  if (state === 'tree') throw new FormatError(input, '', 'it ends before the end of its call graph');
  if (waited > 0) notes.add(`as inferno-collapse-sample: samples of waiting threads left out: ${waited}`);
  return stacks.build(notes, 'inferno-collapse-sample', { type: 'samples', unit: 'count' });
}

function broken(input: Input, lineNumber: number): FormatError {
  return new FormatError(input, `line ${lineNumber}`, 'this is no line of a call graph, or its caller is not there');
}

/** `41 main  (in rg) + 41  [0x10384b549]`: the name with its module before it, without `.dylib`. */
function nodeOf(text: string, withModule: boolean): { name: string; samples: number } | undefined {
  const blank = text.indexOf(' ');
  const samples = blank < 0 ? undefined : parseWhole(trimEnd(text.slice(0, blank)));
  if (samples === undefined) return undefined;
  const rest = text.slice(blank + 1);
  const open = rest.indexOf('(');
  const name = infernoRustName(trimEnd(open < 0 ? rest : rest.slice(0, open)));
  const inside = rest.lastIndexOf('(in ');
  const behind = inside < 0 ? rest : rest.slice(inside + '(in '.length);
  const close = behind.indexOf(')');
  const module = !withModule || close < 0 ? '' : behind.slice(0, close).replace(/\.dylib$/, '');
  return { name: module === '' ? name : `${module}\`${name}`, samples };
}
