import type { Profile } from '../../profile/profile.ts';
import { type DialectChoices, FormatError, type Input, type Notes } from '../format.ts';
import { eachRawLine } from './raw-lines.ts';
import { parseReal, trimEnd } from './rust-text.ts';
import { StackWeights } from './stack-weights.ts';

const header = 'Function Stack,CPU Time:Self,Module';

/**
 * VTune's top-down CSV as inferno-collapse-vtune 0.12.8 reads it, in milliseconds; of equal stacks the last one's
 * weight stays.
 * @throws {FormatError} a line is broken
 */
export async function readVtuneAsInferno(input: Input, notes: Notes, choices: DialectChoices): Promise<Profile> {
  const stacks = new StackWeights();
  const names: string[] = [];
  let started = false;
  let lineNumber = 0;
  await eachRawLine(input, 'utf8', (raw) => {
    lineNumber++;
    if (!started) {
      started = raw.startsWith(header);
      return;
    }
    const line = trimEnd(raw);
    if (line === '') return;
    const where = `line ${lineNumber}`;
    const depth = line.search(/[^ ]/);
    if (depth > names.length) throw new FormatError(input, where, 'its caller is not there');
    names.length = depth;
    const [func, time, module] = fieldsOf(line.slice(depth));
    const seconds = parseReal(time ?? '');
    if (func === undefined || seconds === undefined || (module === undefined && choices.modules !== false)) {
      throw new FormatError(input, where, 'this is no function, time and module');
    }
    names.push(choices.modules === false || module === '' ? func : `${module}\`${func}`);
    const milliseconds = Math.round(seconds * 1000);
    if (milliseconds > 0) stacks.replace(names, milliseconds);
  });
  if (!started) notes.add(`as inferno-collapse-vtune: ${input.name} has no line ${header}`);
  return stacks.build(notes, 'inferno-collapse-vtune', { type: 'cpu', unit: 'milliseconds' });
}

/** Function, time, and all that follows as the module. */
function fieldsOf(text: string): string[] {
  const quoted = text.startsWith('"');
  const end = quoted ? text.indexOf('",', 1) : text.indexOf(',');
  if (end < 0) return [];
  const func = text.slice(quoted ? 1 : 0, end);
  const rest = text.slice(end + (quoted ? 2 : 1));
  const comma = rest.indexOf(',');
  return comma < 0 ? [func, rest] : [func, rest.slice(0, comma), rest.slice(comma + 1)];
}
