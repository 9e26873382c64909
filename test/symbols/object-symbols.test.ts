import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { openElf } from '../../src/symbols/elf-file.ts';
import { type ObjectSymbolOptions, objectSymbols } from '../../src/symbols/object-symbols.ts';
import { requireTool } from '../require-tool.ts';

const tools = ['gcc', 'nm', 'objcopy', 'strip', 'objdump'].every((name) =>
  requireTool(name, findTool(name) !== undefined),
);
const folder = mkdtempSync(join(tmpdir(), 'pforge-symbols-'));
const run = (tool: string, ...args: string[]): string =>
  execFileSync(tool, args, { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'ignore'] });

const SOURCE = `
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
__attribute__((noinline)) int first(int x) { return x * 3 + getenv("A")[0]; }
static __attribute__((noinline)) int second(int x) { return first(x) + 1; }
int zz_alias(int) __attribute__((weak, alias("first")));
int ____first(int) __attribute__((alias("first")));
int first_and_longer(int) __attribute__((alias("first")));
__asm__(".text\\n.global bare\\nbare:\\n nop\\n nop\\n nop\\n nop\\n ret\\n.global after\\nafter:\\n nop\\n ret\\n"
        ".global sized\\n.type sized,@function\\nsized:\\n nop\\nin_sized:\\n nop\\n ret\\n.size sized,.-sized\\n nop\\n nop\\n");
int main(int argc, char **argv) { char b[99]; memset(b, argc, argc + 9); puts(b); return second(argc); }
`;

/** The names at places of a file; \`undefined\` when there is no finder. */
function namesAt(
  path: string,
  offsets: readonly number[],
  options: Partial<ObjectSymbolOptions> = {},
): string[] | undefined {
  const { finder } = objectSymbols(path, { buildId: '', debugFolders: [], ...options });
  return finder?.names(Float64Array.from(offsets));
}

/** What nm says: functions with their sizes, as offsets into the file. */
function functionsOf(path: string, ...flags: string[]): Map<string, { at: number; size: number }> {
  const file = openElf(path)!;
  const code = file.segments.filter(({ type, flags }) => type === 1 && (flags & 1) !== 0);
  const found = new Map<string, { at: number; size: number }>();
  for (const line of run('nm', '-S', ...flags, path).split('\n')) {
    const [, address, size, name] = /^([0-9a-f]{16}) ([0-9a-f]{16}) [tTwWi] (\S+)$/.exec(line) ?? [];
    if (address === undefined) continue;
    const value = Number.parseInt(address, 16);
    const segment = code.find((one) => value >= one.address && value < one.address + one.fileSize);
    if (segment) found.set(name!, { at: value - segment.address + segment.offset, size: Number.parseInt(size!, 16) });
  }
  file.close();
  return found;
}

describe.skipIf(!tools)('names of the addresses of a binary', () => {
  const source = join(folder, 'p.c');
  writeFileSync(source, SOURCE);
  const compile = (name: string, ...flags: string[]): string => {
    run('gcc', '-O1', '-Wl,--build-id', ...flags, source, '-o', join(folder, name));
    return join(folder, name);
  };
  const program = compile('plain');
  const functions = functionsOf(program);
  const at = (name: string): number => functions.get(name)!.at;

  test.each([
    ['position independent', []],
    ['at a fixed address', ['-no-pie']],
    ['static', ['-static']],
    ['with sections packed', ['-Wl,-z,noseparate-code']],
  ])('the first and last byte of every function, %s', (name, flags) => {
    const path = compile(name.replaceAll(' ', '-'), ...flags);
    const known = [...functionsOf(path)].filter(([, { size }]) => size > 0);
    const byPlace = new Map<number, typeof known>();
    for (const one of known) byPlace.set(one[1].at, [...(byPlace.get(one[1].at) ?? []), one]);
    const places = [...byPlace.keys()].sort((one, other) => one - other);
    const starts = namesAt(path, places)!;
    const ends = namesAt(
      path,
      places.map((place) => place + byPlace.get(place)![0]![1].size - 1),
    )!;
    expect(places.length).toBeGreaterThan(2);
    for (const [i, place] of places.entries()) {
      const names = byPlace.get(place)!.map(([name]) => name);
      expect(names).toContain(starts[i]);
      expect(ends[i]).toBe(starts[i]);
    }
  });

  test('a binary that was replaced has its new names at once', () => {
    const path = join(folder, 'replaced');
    copyFileSync(program, path);
    expect(namesAt(path, [at('main'), at('main') + 1])).toEqual(['main', 'main']);
    expect(namesAt(path, [at('main')])).toEqual(['main']);
    run('objcopy', '--redefine-sym', 'main=another', program, path);
    expect(namesAt(path, [at('main'), at('main') + 1])).toEqual(['another', 'another']);
  });

  test("of several names perf's choice: not weak, fewer underscores, longer", () => {
    expect(namesAt(program, [at('second'), at('first')].sort())).toContain('first_and_longer');
  });

  test('what has no size reaches up to the next symbol; labels do not cut functions', () => {
    const bytes = readFileSync(program);
    const address = (name: string): number =>
      Number.parseInt(new RegExp(`^([0-9a-f]+) [tT] ${name}$`, 'm').exec(run('nm', program))![1]!, 16);
    const file = openElf(program)!;
    const text = file.sections.get('.text')!;
    const offset = (name: string): number => address(name) - text.address + text.offset;
    const [bare, after, sized] = [offset('bare'), offset('after'), offset('sized')];
    expect(bytes[bare]).toBe(0x90);
    expect(namesAt(program, [bare, bare + 4, after, after + 1, sized, sized + 1, sized + 2, sized + 3])).toEqual([
      'bare',
      'bare',
      'after',
      'after',
      'sized',
      'sized',
      'sized',
      'in_sized',
    ]);
  });

  test.each([
    ['lazy', ['-Wl,-z,lazy']],
    ['bound at once', ['-Wl,-z,now']],
    ['with branch tracking', ['-fcf-protection=full', '-Wl,-z,ibtplt', '-Wl,-z,lazy']],
  ])('stubs of library functions, %s', (_, flags) => {
    const path = compile('plt', ...flags);
    const listed = [...run('objdump', '-d', path).matchAll(/^([0-9a-f]{16}) <(\w+)@plt>:$/gm)];
    const file = openElf(path)!;
    const section = ['.plt', '.plt.sec', '.plt.got'].flatMap((name) => file.sections.get(name) ?? []);
    expect(listed.length).toBeGreaterThanOrEqual(2);
    for (const [, hex, name] of listed) {
      const address = Number.parseInt(hex!, 16);
      const { offset, address: start } = section.find(
        (one) => address >= one.address && address < one.address + one.size,
      )!;
      expect(namesAt(path, [address - start + offset, address - start + offset + 5])).toEqual([
        `${name}@plt`,
        `${name}@plt`,
      ]);
    }
  });

  describe('a stripped binary', () => {
    const debug = join(folder, 'plain.debug');
    const stripped = join(folder, 'stripped');
    run('objcopy', '--only-keep-debug', program, debug);
    run('strip', '-o', stripped, program);
    const { buildId } = openElf(program)!;

    test('has the names of its dynamic table', () => {
      const shared = compile('shared.so', '-shared', '-fPIC');
      run('strip', shared);
      const places = functionsOf(shared, '-D');
      expect(namesAt(shared, [places.get('first_and_longer')!.at])).toEqual(['first_and_longer']);
    });

    test('finds its debug information by the build-id', () => {
      const folders = join(folder, 'debug');
      mkdirSync(join(folders, '.build-id', buildId.slice(0, 2)), { recursive: true });
      expect(namesAt(stripped, [at('second')])).toEqual(['']);
      copyFileSync(debug, join(folders, '.build-id', buildId.slice(0, 2), `${buildId.slice(2)}.debug`));
      expect(namesAt(stripped, [at('second')], { debugFolders: [folders] })).toEqual(['second']);
    });

    test('finds it by the link in itself, when the checksum or the build-id is right', () => {
      const linked = join(folder, 'linked');
      mkdirSync(join(folder, '.debug'), { recursive: true });
      for (const options of [[], ['--remove-section=.note.gnu.build-id']]) {
        const info = join(folder, '.debug', 'linked.debug');
        run('objcopy', ...options, debug, info);
        run('objcopy', ...options, `--add-gnu-debuglink=${info}`, stripped, linked);
        expect(namesAt(linked, [at('second')])).toEqual(['second']);
        if (options.length > 0) appendFileSync(info, 'x');
        else rmSync(info);
        expect(namesAt(linked, [at('second')])).toEqual(['']);
      }
    });

    test.skipIf(!requireTool('xz', findTool('xz') !== undefined))(
      'has the names of its own mini debug information',
      () => {
        const mini = join(folder, 'mini');
        // As Fedora makes it: what the dynamic table does not have.
        run('objcopy', '-S', '--remove-section=.comment', '--keep-symbol=second', debug, mini);
        rmSync(`${mini}.xz`, { force: true });
        run('xz', mini);
        const carrier = join(folder, 'carrier');
        run('objcopy', `--add-section=.gnu_debugdata=${mini}.xz`, stripped, carrier);
        expect(namesAt(carrier, [at('second')])).toEqual(['second']);
        const bytes = readFileSync(carrier);
        const { offset, size } = openElf(carrier)!.sections.get('.gnu_debugdata')!;
        for (let i = 0; i < size; i += 3) {
          const turned = Buffer.from(bytes);
          turned[offset + i]! ^= 1 << (i % 8);
          writeFileSync(carrier, turned);
          expect(['second', '']).toContain(namesAt(carrier, [at('second')])![0]);
        }
      },
    );

    test('finds its copy in the cache of perf, also when it is gone', () => {
      const cache = join(folder, 'cache');
      const place = join(cache, '.build-id', buildId.slice(0, 2), buildId.slice(2));
      mkdirSync(place, { recursive: true });
      copyFileSync(program, join(place, 'elf'));
      const options = { debugFolders: [cache], buildId };
      expect(namesAt(stripped, [at('second')], options)).toEqual(['second']);
      expect(namesAt('/gone/program', [at('second')], options)).toEqual(['second']);
      expect(namesAt(process.execPath, [at('second')], options)).toEqual(['second']);
    });
  });

  test('a binary that changed gives no names, and says why', () => {
    const { finder, note } = objectSymbols(program, { buildId: '00'.repeat(20), debugFolders: [] });
    expect(finder).toBeUndefined();
    expect(note).toMatch(/changed since it was recorded \(build-id 0+, now [0-9a-f]{40}\)/);
    expect(objectSymbols('/nowhere/x', { buildId: '' }).note).toMatch(/^\/nowhere\/x is not here/);
    expect(objectSymbols(`${program} (deleted)`, { buildId: '' }).note).toMatch(/was replaced/);
  });

  test('what is no file has no names and no note', () => {
    for (const path of ['[heap]', '//anon', '/memfd:x (deleted)', 'anon_inode:[perf_event]', '/dev/zero (deleted)']) {
      expect(objectSymbols(path, { buildId: '' })).toEqual({ finder: undefined });
    }
  });

  test('binaries of another machine are read below --symfs', () => {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'opt'), { recursive: true });
    copyFileSync(program, join(root, 'opt', 'p'));
    expect(namesAt('/opt/p', [at('second')], { symfs: root })).toEqual(['second']);
  });

  test.skipIf(!existsSync('/proc/self/mem'))('the vdso, from our own memory', () => {
    const names = namesAt(
      '[vdso]',
      Array.from({ length: 0x2000 }, (_, i) => i),
    )!;
    expect(names.some((name) => name.includes('clock_gettime'))).toBe(true);
    expect(namesAt('[vdso]', [0x800], { buildId: '12'.repeat(20) })).toEqual(['']);
  });

  test('a table cut anywhere, or with bits turned, never throws', () => {
    const small = join(folder, 'small');
    copyFileSync(program, small);
    const whole = readFileSync(small);
    const broken = join(folder, 'broken');
    const look = (bytes: Buffer): void => {
      writeFileSync(broken, bytes);
      const names = namesAt(broken, [at('second'), at('main'), at('main') + 0x2000, 1e15]);
      if (names !== undefined) expect(names.length).toBe(4);
    };
    for (let length = 0; length < whole.length; length += 199) look(whole.subarray(0, length));
    const file = openElf(program)!;
    const ranges = ['.symtab', '.dynsym', '.rela.plt', '.plt', '.strtab'].map((name) => file.sections.get(name)!);
    const places = ranges.flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => offset + i));
    places.push(...Array.from({ length: 64 * file.sectionList.length }, (_, i) => whole.length - 1 - i));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...places), fc.nat(255)), { minLength: 1, maxLength: 9 }),
        (turned) => {
          const bytes = Buffer.from(whole);
          for (const [place, value] of turned) bytes[place] = value;
          look(bytes);
        },
      ),
      { numRuns: 300 },
    );
  });
});
