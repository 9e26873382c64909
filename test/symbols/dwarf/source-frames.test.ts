import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findTool } from '../../../src/processes/executables.ts';
import { debugPlaces } from '../../../src/symbols/debug-file.ts';
import { debugDataOf } from '../../../src/symbols/dwarf/debug-objects.ts';
import { type SourceFrames, sourceFrames } from '../../../src/symbols/dwarf/source-frames.ts';
import { openElf } from '../../../src/symbols/elf-file.ts';
import type { PlaceFrame } from '../../../src/symbols/object-source.ts';
import { requireTool } from '../../require-tool.ts';
import { addr2lineFrames, instructions } from './addr2line-frames.ts';

const present = ['gcc', 'g++', 'addr2line', 'objcopy', 'objdump'].every((tool) =>
  requireTool(tool, findTool(tool) !== undefined),
);
const [rustc, dwz, llvm] = ['rustc', 'dwz', 'llvm-addr2line'].map((tool) => {
  const path = findTool(tool);
  if (path === undefined) console.log(`skipped: ${tool} is not here`);
  return path;
});
const folder = mkdtempSync(join(tmpdir(), 'pforge-dwarf-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const programs = join(import.meta.dirname, '..', 'unwind', 'programs');
const path = (name: string): string => join(folder, name);

const compiled = new Set<string>();
/** Compiled once; nobody may change it. */
function cpp(...flags: readonly string[]): string {
  const program = path(`cpp${flags.join('')}`);
  if (compiled.has(program)) return program;
  execFileSync('g++', ['-O2', ...flags, join(programs, 'stacks.cpp'), '-o', program], { cwd: folder });
  compiled.add(program);
  return program;
}

function copyOf(program: string): string {
  copyFileSync(program, `${program}.copy`);
  return `${program}.copy`;
}

/** Of functions that have no name for linkers, addr2line gives the name of the symbol around; without symbols it cannot. */
function withoutSymbols(program: string): string {
  execFileSync('objcopy', ['-w', '-N', '*', program, `${program}.bare`]);
  return `${program}.bare`;
}

function ours(program: string, addresses: Float64Array): SourceFrames {
  const data = debugDataOf(openElf(program)!, program, debugPlaces())!;
  try {
    return sourceFrames(data, addresses);
  } finally {
    data.close();
  }
}

/** Our frames as addr2line has them: nothing known is one frame of nothing. */
function asAddr2line({ frames }: SourceFrames): PlaceFrame[][] {
  return frames.map((chain) =>
    chain.length === 0
      ? [{ name: '', file: '', line: 0 }]
      : chain.map(({ linked, plain, file, line }) => ({ name: linked || plain, file, line })),
  );
}

/** @param tool addr2line of binutils, or of LLVM */
function compare(program: string, tool = 'addr2line', step = 1): SourceFrames {
  const bare = withoutSymbols(program);
  const addresses = instructions(program).filter((_, i) => i % step === 0);
  const found = ours(bare, addresses);
  const theirs = addr2lineFrames(bare, addresses, tool);
  expect(addresses.length).toBeGreaterThan(300);
  expect(found.broken).toBe(undefined);
  asAddr2line(found).forEach((chain, i) => {
    expect({ at: addresses[i], chain }).toEqual({ at: addresses[i], chain: theirs[i] });
  });
  return found;
}

function mostInlined({ frames }: SourceFrames): number {
  return frames.reduce((most, { length }) => Math.max(most, length), 0);
}

describe.skipIf(!present)('functions and lines at every instruction of C++, as addr2line has them', () => {
  test.each([
    [['-gdwarf-5']],
    [['-gdwarf-4']],
    [['-gdwarf-3']],
    [['-gdwarf-4', '-gdwarf64']],
    [['-gdwarf-4', '-fdebug-types-section']],
    [['-g', '-gz']],
    [['-g', '-O3']],
    [['-g', '-ffunction-sections', '-Wl,--gc-sections']],
  ])('%j', (flags) => {
    expect(mostInlined(compare(cpp(...flags)))).toBeGreaterThan(8);
  });

  test('-static: most code is from libraries without debug information', () => {
    expect(mostInlined(compare(cpp('-g', '-static'), 'addr2line', 50))).toBeGreaterThan(2);
  });

  // GNU's addr2line takes the numbers of files in these for those of other files
  test.skipIf(llvm === undefined).each([['-O0'], ['-flto']])('%s, as LLVM has them', (flag) => {
    compare(cpp('-g', flag), llvm);
  });

  // GNU's addr2line cannot read these, but the code is the same
  test.each([['-gdwarf64'], ['-fdebug-types-section'], ['-gz=zlib-gnu']])('%s', (flag) => {
    const plain = cpp('-gdwarf-5');
    const other = cpp('-gdwarf-5', flag);
    const addresses = instructions(plain);
    expect(instructions(other)).toEqual(addresses);
    expect(ours(other, addresses)).toEqual(ours(plain, addresses));
  });
});

describe.skipIf(!present)('functions and lines', () => {
  test.skipIf(rustc === undefined)('of Rust', () => {
    const program = path('rust');
    execFileSync(rustc!, ['-O', '-g', join(programs, 'traits.rs'), '-o', program]);
    expect(mostInlined(compare(program, 'addr2line', 20))).toBeGreaterThan(20);
  });

  test.skipIf(process.arch !== 'x64')('of 32-bit code', () => {
    const program = path('small.so');
    writeFileSync(
      path('small.c'),
      `static int twice(int x) { return x % 7 ? x * x : x / 3; }
       ${Array.from({ length: 40 }, (_, i) => `int f${i}(int x) { return twice(x + ${i}) - twice(x); }`).join('\n')}`,
    );
    const flags = ['-m32', '-O2', '-g', '-fPIC', '-fvisibility=hidden', '-shared', '-nostdlib'];
    execFileSync('gcc', [...flags, path('small.c'), '-o', program]);
    expect(mostInlined(compare(program))).toBe(2);
  });

  test('of code that is nothing but lines: written in assembler', () => {
    const program = path('lines.so');
    writeFileSync(path('lines.s'), '.text\n.globl f\nf:\n  nop\n  nop\n  ret\n');
    execFileSync('gcc', ['-g', '-shared', '-nostdlib', path('lines.s'), '-o', program]);
    const addresses = instructions(program);
    expect(ours(program, addresses).frames.map((chain) => chain.map(({ line }) => line))).toEqual([[4], [5], [6]]);
  });

  test('of a function that several units have, whether units are listed or not', () => {
    const program = path('several.so');
    const sources = ['first', 'second', 'third'].map((name) => {
      writeFileSync(
        path(`${name}.cpp`),
        `inline int step(int x) { return x % 7 ? x * x : x / 3; }
         template <int N> __attribute__((noinline)) int common(int x) { return step(x + N) - step(x); }
         int ${name}(int x) { return common<3>(x) + step(x); }`,
      );
      return path(`${name}.cpp`);
    });
    const flags = ['-O2', '-g', '-fPIC', '-fvisibility=hidden', '-shared', '-nostdlib'];
    execFileSync('g++', [...flags, ...sources, '-o', program]);
    const addresses = instructions(program);
    const found = ours(program, addresses);
    expect(found.broken).toBe(undefined);
    const bare = withoutSymbols(program);
    expect(asAddr2line(found)).toEqual(addr2lineFrames(bare, addresses));
    expect(mostInlined(found)).toBe(2);
    execFileSync('objcopy', ['-R', '.debug_aranges', program]);
    expect(ours(program, addresses)).toEqual(found);
  });

  test('of functions within functions', () => {
    const program = path('nested.so');
    writeFileSync(
      path('nested.c'),
      // Between the two are bytes of no function
      `int outer(int (*call)(int (*)(int)), int n) {
         __attribute__((noinline)) int inner(int x) { return x * n; }
         return call(inner) + inner(n);
       }`,
    );
    execFileSync('gcc', [
      '-g',
      '-O2',
      '-shared',
      '-nostdlib',
      '-fPIC',
      '-z',
      'execstack',
      path('nested.c'),
      '-o',
      program,
    ]);
    const { frames } = ours(program, instructions(program));
    const names = new Set(frames.flatMap((chain) => chain.map(({ plain }) => plain)));
    expect(names).toEqual(new Set(['inner', '', 'outer']));
  });

  test.each([['-g'], ['-gz']])('in a file of their own (%s), by its name and its checksum', (flag) => {
    const program = cpp('-g', flag, '-Wl,--build-id=none');
    const addresses = instructions(program);
    const whole = ours(program, addresses);
    execFileSync('objcopy', ['--only-keep-debug', program, `${program}.debug`]);
    const stripped = `${program}.stripped`;
    execFileSync('objcopy', ['--strip-debug', `--add-gnu-debuglink=${program}.debug`, program, stripped]);
    expect(ours(stripped, addresses)).toEqual(whole);
    copyFileSync(program, `${program}.debug`);
    expect(debugDataOf(openElf(stripped)!, stripped, debugPlaces())).toBe(undefined);
  });

  test.each([['-gdwarf-5'], ['-gdwarf-4'], ['-gdwarf64'], ['-gz']])(
    'in files that the compiler split off, %s',
    (flag) => {
      const plain = cpp('-g', flag);
      const addresses = instructions(plain);
      const split = cpp('-g', flag, '-gsplit-dwarf');
      expect(instructions(split)).toEqual(addresses);
      expect(ours(split, addresses)).toEqual(ours(plain, addresses));
      rmSync(`${split}-stacks.dwo`);
      const without = ours(split, addresses);
      expect(without.missing).toEqual([`${split}-stacks.dwo`]);
      expect(new Set(without.frames.map(({ length }) => length))).toEqual(new Set([0, 1]));
    },
  );

  test.each([
    ['dwp', 4],
    ['llvm-dwp', 5],
  ])('in a package of what the compiler split off, by %s', (tool, version) => {
    if (findTool(tool) === undefined) {
      console.log(`skipped: ${tool} is not here`);
      return;
    }
    const sources = ['one', 'two', 'three'].map((name, i) => {
      writeFileSync(
        path(`${name}.c`),
        `static int ${name}_inner(int x) { return x % ${i + 7} ? x * x : x / ${i + 3}; }
         int ${name}(int x) { return ${name}_inner(x + ${i}) - ${name}_inner(x * ${i + 2}); }`,
      );
      return path(`${name}.c`);
    });
    const [plain, split] = [[], ['-gsplit-dwarf']].map((flags) => {
      const program = path(`${tool}${flags.join('')}.so`);
      const all = ['-O2', `-gdwarf-${version}`, ...flags, '-shared', '-nostdlib', '-fPIC', ...sources, '-o', program];
      execFileSync('gcc', all, { cwd: folder });
      return program;
    }) as [string, string];
    execFileSync(tool, ['-e', split, '-o', `${split}.dwp`], { cwd: folder });
    for (const name of readdirSync(folder)) if (name.endsWith('.dwo')) rmSync(path(name));
    const addresses = instructions(plain);
    const found = ours(split, addresses);
    expect(found).toEqual(ours(plain, addresses));
    expect(mostInlined(found)).toBe(2);
    rmSync(`${split}.dwp`);
    expect(ours(split, addresses).missing).toHaveLength(3);
  });

  test.skipIf(dwz === undefined)('that several programs have in common, in a file that dwz makes', () => {
    const names = (found: SourceFrames) => asAddr2line(found).map((chain) => chain.map(({ name }) => name));
    const [one, other] = [copyOf(cpp('-gdwarf-4')), copyOf(cpp('-gdwarf-4', '-O3'))] as const;
    const addresses = instructions(one);
    const before = ours(one, addresses);
    execFileSync(dwz!, ['-m', path('common'), '-M', path('common'), one, other]);
    expect(ours(one, addresses)).toEqual(before);
    renameSync(path('common'), path('elsewhere'));
    const without = ours(one, addresses);
    expect(without.withoutShared).toBe(true);
    // Lines and what is inlined are known, most names are not
    expect(without.frames.map((chain) => chain.map(({ line }) => line))).toEqual(
      before.frames.map((chain) => chain.map(({ line }) => line)),
    );
    expect(names(without)).not.toEqual(names(before));
  });
});
