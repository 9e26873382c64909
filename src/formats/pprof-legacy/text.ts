import type { FrameWords } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import type { Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { headLines, textLines } from '../text/lines.ts';
import { javaLocation } from './java.ts';
import { jemalloc } from './jemalloc.ts';
import { contention, goCount, heap, type LegacyLines, threads } from './lines.ts';
import { LegacyTable } from './table.ts';
import { legacyTextKind } from './text-kind.ts';

/**
 * Reads any of the text forms: samples, then sections; only the memory map and the names of Java's say something.
 * @throws {FormatError} a line that is no sample, with its number
 */
export async function readLegacyText(input: Input, notes: Notes): Promise<Profile> {
  const kind = legacyTextKind(headLines(input.head));
  const table = new LegacyTable();
  const context = { input, table, notes };
  let reader: LegacyLines;
  if (kind === 'heap') reader = heap(context);
  else if (kind === 'jemalloc') reader = jemalloc(context);
  else if (kind === 'count') reader = goCount(context);
  else if (kind === 'contention' || kind === 'java-heap') reader = contention(context, kind === 'java-heap');
  else if (kind === 'threads') reader = threads(context);
  else throw new FormatError(input, 'line 1', 'this is no header of a pprof profile');
  let section: 'samples' | 'map' | 'other' = 'samples';
  let symbols: FrameWords[] = [];
  let lineNumber = 0;
  const named = () => {
    // They say what the sample before them is
    const last = table.samples.at(-1);
    if (last && symbols.length > 0) table.samples[table.samples.length - 1] = { ...last, named: symbols };
    symbols = [];
  };
  for await (const lines of textLines(input)) {
    for (const text of lines) {
      lineNumber++;
      const line = text.trim();
      if (section === 'map' || /--- Memory map: ---|^MAPPED_LIBRARIES:/.test(line.slice(0, 100))) {
        if (section === 'map') table.mapLine(line);
        section = 'map';
        continue;
      }
      if (line.startsWith('#')) {
        const symbol = goSymbol(line);
        if (symbol) symbols.push(symbol);
        continue;
      }
      named();
      if (line === '') continue;
      if (section === 'samples' && !reader.line(line, lineNumber)) section = 'other';
      if (section === 'other' && reader.java) javaLocation(line, table.words);
    }
  }
  named();
  if (table.samples.some((sample) => sample.named)) {
    notes.add('stacks are as the file names them, which leaves out frames of the Go runtime');
  }
  if (reader.negative > 0) notes.add(`samples with less than nothing in use, taken as nothing: ${reader.negative}`);
  return table.build(reader.valueTypes, { tool: 'pprof', ...reader.meta, notes: notes.list }, notes, reader.allocator);
}

/** `#	0x45e9a5	main.work+0x36	/src/x.go:12`, the stack in words behind a sample of Go's `?debug=1`. */
function goSymbol(line: string): FrameWords | undefined {
  const [, name, file] = /^#\t0x[0-9a-f]{1,16}\t+([^\t]+?)(?:\+0x[0-9a-f]+)?\t+([^\t]+):\d+$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const runtime = /^(?:runtime|internal|syscall)[./]/.test(name);
  return { name, file: file!, kind: runtime ? 'runtime' : nativeKind(name, '') === 'native' ? 'app' : 'unknown' };
}
