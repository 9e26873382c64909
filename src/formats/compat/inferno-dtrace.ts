import type { Profile } from '../../profile/profile.ts';
import { type DialectChoices, FormatError, type Input, type Notes } from '../format.ts';
import { infernoRustName } from './inferno-rust.ts';
import { eachRawLine } from './raw-lines.ts';
import { parseWhole, trim, trimEnd } from './rust-text.ts';
import { StackWeights } from './stack-weights.ts';

/**
 * DTrace's stacks as inferno-collapse-dtrace 0.12.8 reads them; with addresses as with its `--includeoffset`: callers keep
 * their offset (`trap+0x2c7`).
 * @throws {FormatError} the input ends within a stack
 */
export async function readDtraceAsInferno(
  input: Input,
  notes: Notes,
  { addresses = false }: DialectChoices,
): Promise<Profile> {
  const stacks = new StackWeights();
  let inHeader = true;
  /** Leaf first. */
  let names: string[] = [];
  await eachRawLine(input, 'utf8', (raw) => {
    const line = trim(raw);
    if (line === '') inHeader = false;
    if (line === '' || inHeader) return;
    const count = parseWhole(line);
    if (count === undefined) {
      const added = addresses ? namesWithOffset(line) : namesOf(line);
      names.push(...added.reverse());
      return;
    }
    if (addresses && names.length > 0) names[0] = withoutOffset(names[0]!);
    stacks.add(names.reverse(), count);
    names = [];
  });
  if (names.length > 0) throw new FormatError(input, '', 'it ends in the middle of a stack');
  return stacks.build(notes, 'inferno-collapse-dtrace', { type: 'samples', unit: 'count' });
}

function withoutOffset(text: string): string {
  const plus = text.lastIndexOf('+');
  return plus < 0 ? text : text.slice(0, plus);
}

/** Of one line, caller first; several where Java's agent wrote an inlined chain. */
function namesOf(line: string): string[] {
  let frame = withoutOffset(line);
  if (line.includes('::')) frame = withoutArguments(frame);
  frame = frame === '' ? '-' : withRustName(frame);
  const text = frame.replaceAll(';', ':');
  return line.includes('->') ? chainOf(text) : [text];
}

/** Here a Java name loses its `L` on its own too. */
function namesWithOffset(line: string): string[] {
  const frame = withoutArguments(line);
  const plus = frame.lastIndexOf('+');
  const named =
    plus > frame.indexOf('`') && frame.includes('`')
      ? withRustName(frame.slice(0, plus)) + frame.slice(plus)
      : withRustName(frame);
  return chainOf(named.replaceAll(';', ':'));
}

function chainOf(text: string): string[] {
  return text.split('->').map((name, i) => name.replace(/^L+/, '') + (i > 0 ? '_[i]' : ''));
}

/** Up to the last `(` or `<` behind the first `::`. */
function withoutArguments(frame: string): string {
  const scope = frame.indexOf('::');
  if (scope < 0) return frame;
  const open = Math.max(frame.lastIndexOf('('), frame.lastIndexOf('<'));
  return open >= scope + 2 ? frame.slice(0, open) : frame;
}

function withRustName(frame: string): string {
  const tick = frame.indexOf('`');
  if (tick < 0) return frame;
  const name = trimEnd(frame.slice(tick + 1));
  const repaired = infernoRustName(name);
  return repaired === name ? frame : frame.slice(0, tick + 1) + repaired;
}
