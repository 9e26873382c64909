import { DebugData } from '../../src/symbols/dwarf/debug-data.ts';
import { sourceFrames } from '../../src/symbols/dwarf/source-frames.ts';
import { elfOfBytes } from '../../src/symbols/elf-file.ts';
import { JitTable } from '../../src/symbols/jit-table.ts';
import { lineAt } from '../../src/symbols/kallsyms.ts';
import { readMapLines } from '../../src/symbols/perf-map-lines.ts';
import { SourceMap } from '../../src/symbols/source-map.ts';
import { namesFromTable, symbolSection } from '../../src/symbols/symbol-table.ts';
import { unxz } from '../../src/symbols/unxz.ts';
import { abbreviations, CODE, elfOfSections, infoOf, linesOf, type Shape } from '../symbols/dwarf/made-dwarf.ts';
import { CODE_AT, smallElf } from '../symbols/small-elf.ts';
import type { FuzzTarget } from './target.ts';

const SHAPES: readonly Shape[] = [
  { littleEndian: true, is64: true, version: 4, offsetSize: 4 },
  { littleEndian: true, is64: true, version: 5, offsetSize: 8 },
  { littleEndian: false, is64: false, version: 2, offsetSize: 4 },
];
const ADDRESSES = Float64Array.of(CODE.start, CODE.inlinedAt + 4, CODE.start + CODE.size);
const MAP = {
  version: 3,
  sources: ['a.ts', '../b.ts'],
  names: ['parse'],
  mappings: 'AAAA,SAASA;AACA,CCCD',
  sourceRoot: '/src',
};
/** `xz` of "hello hello hello", with its check. */
const XZ =
  'fd377a585a000004e6d6b4460200210116000000742fe5a3e0001000095d0034194ee41e5da580000000000000f8f4d3a9a4d52900012511dd2f8d821fb6f37d010000000004595a';

/** What executables, just-in-time compilers and build tools say of code: what is broken has no names, and nothing is thrown. */
export function symbolTargets(): FuzzTarget[] {
  const symbols = [{ name: 'main', value: CODE_AT, size: 16 }];
  const elf = { is64: true, littleEndian: true, machine: 62, address: 0x400000, codeSize: 64, symbols };
  return [
    {
      id: 'symbols:elf',
      seeds: [smallElf(elf as never), smallElf({ ...elf, is64: false, littleEndian: false, machine: 8 } as never)],
      run: (bytes) => {
        const file = elfOfBytes('x', bytes);
        const section = file && symbolSection(file, 'all');
        if (file && section) namesFromTable(file, section, Float64Array.of(0, CODE_AT, 0x400010, 2 ** 40));
        return section !== undefined;
      },
    },
    {
      id: 'symbols:dwarf',
      seeds: SHAPES.map((shape) => {
        const sections = {
          '.debug_info': infoOf(shape),
          '.debug_abbrev': abbreviations(shape),
          '.debug_line': linesOf(shape),
        };
        return elfOfSections(shape, new Map(Object.entries(sections).map(([name, bytes]) => [name, bytes.buffer])));
      }),
      run: (bytes) => {
        const file = elfOfBytes('x', bytes);
        if (file === undefined) return false;
        return sourceFrames(new DebugData(file), ADDRESSES).broken === undefined;
      },
    },
    {
      id: 'symbols:perf-map',
      seeds: [Buffer.from('7f00 20 JS:*parse /a.js:1:2\n8000 10 ~f\n8010 8 RegExp:a b\n')],
      run: (bytes) => readMapLines(bytes, new JitTable()) > 0,
    },
    {
      id: 'symbols:kallsyms',
      seeds: [Buffer.from('ffffffff81000000 T _stext\nffffffff81000010 t do_one\t[ext4]\n')],
      run: (bytes) => lineAt(bytes, 0) !== undefined,
    },
    {
      id: 'symbols:source-map',
      seeds: [
        Buffer.from(JSON.stringify(MAP)),
        Buffer.from(JSON.stringify({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map: MAP }] })),
      ],
      run: (bytes) => {
        let map: SourceMap;
        try {
          map = new SourceMap(bytes.toString('utf8'), '/srv');
        } catch (error) {
          if (error instanceof Error && Object.getPrototypeOf(error) === Error.prototype) return false;
          throw error;
        }
        for (const [line, column] of [
          [1, 1],
          [2, 3],
          [1e6, 1e6],
        ] as const)
          map.originalAt(line, column);
        return true;
      },
    },
    { id: 'symbols:xz', seeds: [Buffer.from(XZ, 'hex')], run: (bytes) => unxz(bytes) !== undefined },
  ];
}
