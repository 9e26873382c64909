import type { FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { jsKind } from '../../profile/kind.ts';
import { KINDS, type Kind } from '../../profile/profile.ts';
import { FormatError, type Input } from '../format.ts';
import { guessedKind } from '../frames/guessed-kind.ts';
import { prefixStacks } from '../frames/prefix-stacks.ts';
import { type JsonObject, jsonObject } from '../json-stream/input.ts';
import { parseGeckoLocation } from './location.ts';
import {
  type GeckoStrings,
  type GeckoTable,
  geckoIndex,
  geckoPosition,
  geckoStrings,
  geckoTable,
  geckoText,
} from './table.ts';

/** The names of what tables refer to from outside: the file's libraries and categories. */
export interface GeckoNames {
  readonly libs: readonly string[];
  readonly categories: readonly string[];
  /** The file is ours: categories are kinds. */
  readonly own: boolean;
}

/**
 * The builder's stack for each row of `stackTable`. The tables stand in each thread, or since version 60 in `shared`.
 * @param path where the tables stand: `$.shared`, `$.threads[3]`
 * @param more texts and sources that are shared while the other tables are not (versions 56 to 59)
 * @throws {FormatError} a wrong type, an index without a row, a cycle
 */
export function readGeckoStacks(
  input: Input,
  path: string,
  tables: JsonObject,
  more: JsonObject,
  names: GeckoNames,
  builder: ProfileBuilder,
): Int32Array {
  const texts = tables.stringArray ?? tables.stringTable ?? more.stringArray;
  const strings = geckoStrings(input, `${path}.stringArray`, texts);
  const frameTable = jsonObject(input, `${path}.frameTable`, tables.frameTable);
  const raw = frameTable.schema !== undefined;
  const rows = geckoTable(input, `${path}.frameTable`, frameTable, 'func');
  const frames: FrameWords[] = [];
  const words = raw
    ? rawFrames(input, rows, strings)
    : processedFrames(input, path, tables, more, rows, strings, names);
  for (let row = 0; row < rows.length; row++) frames.push(words(row));
  const ids = frames.map((frame) => builder.frame(frame));

  const table = jsonObject(input, `${path}.stackTable`, tables.stackTable);
  const stacks = geckoTable(input, `${path}.stackTable`, table, 'frame');
  const offsets = table.prefixOffset !== undefined;
  const prefix = new Int32Array(stacks.length);
  const frame = new Int32Array(stacks.length);
  for (let row = 0; row < stacks.length; row++) {
    const distance = offsets ? geckoIndex(input, stacks, 'prefixOffset', row, row + 1) : 0;
    prefix[row] = offsets
      ? distance > 0
        ? row - distance
        : -1
      : geckoIndex(input, stacks, 'prefix', row, stacks.length);
    const index = geckoIndex(input, stacks, 'frame', row, ids.length);
    if (index < 0) throw new FormatError(input, stacks.at('frame', row), 'the stack has no frame');
    // Firefox's own root is no function; we write none
    frame[row] = prefix[row]! < 0 && !names.own && frames[index]!.name === '(root)' ? -1 : ids[index]!;
  }
  return prefixStacks(prefix, frame, builder, (row) => {
    throw new FormatError(input, stacks.at('prefix', row), 'the stack is its own caller (a cycle)');
  });
}

function rawFrames(input: Input, rows: GeckoTable, strings: GeckoStrings): (row: number) => FrameWords {
  return (row) => parseGeckoLocation(geckoText(input, rows, 'location', row, strings));
}

/** A frame is its function: the function's name, file and the place where it starts, not where it was. */
function processedFrames(
  input: Input,
  path: string,
  tables: JsonObject,
  more: JsonObject,
  rows: GeckoTable,
  strings: GeckoStrings,
  { libs, categories, own }: GeckoNames,
): (row: number) => FrameWords {
  const funcs = geckoTable(input, `${path}.funcTable`, tables.funcTable, 'name');
  const resources = geckoTable(input, `${path}.resourceTable`, tables.resourceTable ?? { name: [] }, 'name');
  const list = tables.sources ?? more.sources;
  const sources = geckoTable(input, '$.shared.sources', list ?? { filename: [] }, 'filename');
  return (row) => {
    const func = geckoIndex(input, rows, 'func', row, funcs.length);
    if (func < 0) throw new FormatError(input, rows.at('func', row), 'the frame has no function');
    const name = geckoText(input, funcs, 'name', func, strings);
    const source = geckoIndex(input, funcs, 'source', func, sources.length);
    const file =
      source < 0
        ? geckoText(input, funcs, 'fileName', func, strings)
        : geckoText(input, sources, 'filename', source, strings);
    const resource = geckoIndex(input, funcs, 'resource', func, resources.length);
    const ofResource = resource < 0 ? -1 : geckoIndex(input, resources, 'lib', resource, libs.length);
    const lib = Math.max(ofResource, geckoIndex(input, rows, 'lib', row, libs.length));
    const module = lib < 0 ? '' : libs[lib]!;
    const category = categories[geckoIndex(input, rows, 'category', row, categories.length)] ?? '';
    const inlined = Number(rows.cell('inlineDepth', row) ?? 0) > 0;
    const guess = (): Kind => {
      if (category === 'Kernel') return 'kernel';
      if (category.startsWith('GC')) return 'gc';
      if (inlined) return 'inlined';
      return funcs.cell('isJS', func) === true ? jsKind(file) : guessedKind(name, file, module);
    };
    return {
      name,
      file,
      module,
      line: geckoPosition(funcs.cell('lineNumber', func)),
      column: geckoPosition(funcs.cell('columnNumber', func)),
      kind: own ? (KINDS.find((kind) => kind === category) ?? 'unknown') : guess(),
    };
  };
}
