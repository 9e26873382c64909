import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { kernelSymbols } from '../../src/symbols/kernel-symbols.ts';
import { objectSymbols } from '../../src/symbols/object-symbols.ts';
import { requireTool } from '../require-tool.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const gpp = requireTool('g++', findTool('g++') !== undefined);
const folder = mkdtempSync(join(tmpdir(), 'pforge-perf-names-'));

const SOURCE = `
#include <map>
#include <string>
#include <vector>
#include <functional>
#include <algorithm>
#include <sstream>
template <class T> struct Box { T v; __attribute__((noinline)) T spin(const std::vector<T> &x, unsigned long n) const {
  T s{}; for (unsigned long r = 0; r < n; r++) for (auto &y : x) s = s * 3 + y; return s; } };
namespace { struct Hidden { __attribute__((noinline)) double operator()(double a) const {
  for (int i = 0; i < 3000000; i++) a = a * 0.999 + 1; return a; } }; }
template <unsigned N> __attribute__((noinline)) unsigned fill() { volatile unsigned s = 0; for (int i = 0; i < 3000000; i++) s = s + N; return s; }
__attribute__((noinline)) std::string named(int n) { std::string s; for (int i = 0; i < n; i++) s += std::to_string(i); return s; }
int main() {
  std::vector<unsigned> v(1000, 7); Box<unsigned> b{}; std::map<std::string, int> m; std::ostringstream o;
  std::function<double(Box<unsigned>)> call = [](Box<unsigned>) { return Hidden()(1); };
  unsigned long sum = b.spin(v, 20000) + fill<64>() + named(100000).size() + call(b);
  for (long i = 0; i < 100000; i++) { m["k" + std::to_string(i * 7919 % 10007)]++; o << i; }
  std::sort(v.begin(), v.end(), [](unsigned a, unsigned b) { return a > b; });
  return sum + m.size() + o.str().size() == 1;
}
`;

/** What \`perf script\` prints of each place: by binary, its offset or, of the kernel, its address, and the name. */
function perfNames(data: string): Map<string, Map<string, string>> {
  const text = execFileSync('perf', ['script', '-i', data, '--no-inline', '-F', 'ip,sym,dso'], {
    encoding: 'utf8',
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const byFile = new Map<string, Map<string, string>>();
  for (const [, place, name, file] of text.matchAll(/^\s+([0-9a-f]+) (.*) \((\S+)\)$/gm)) {
    if (!byFile.has(file!)) byFile.set(file!, new Map());
    byFile.get(file!)!.set(place!, name!);
  }
  return byFile;
}

/** Places whose names are others than perf's, of those that perf knows. */
function differences(data: string): { places: number; other: string[] } {
  const other: string[] = [];
  let places = 0;
  for (const [file, known] of perfNames(data)) {
    const isKernel = file === '[kernel.kallsyms]';
    if (!isKernel && !file.startsWith('/') && file !== '[vdso]') continue;
    const number = (hex: string): number =>
      isKernel
        ? (Number.parseInt(hex.slice(0, 8), 16) - 2 ** 32) * 2 ** 32 + Number.parseInt(hex.slice(8), 16)
        : Number.parseInt(hex, 16);
    const asked = [...known].map(([hex, name]) => ({ at: number(hex), name })).sort((one, two) => one.at - two.at);
    const at = Float64Array.from(asked, (one) => one.at);
    const names = isKernel ? kernelSymbols(at).names : (objectSymbols(file, { buildId: '' }).finder?.names(at) ?? []);
    for (const [i, { name }] of asked.entries()) {
      places++;
      // perf 6.1 does not know the stubs of .plt.got, nor those of indirect functions.
      const isKnown = name !== '[unknown]' && !name.endsWith('@plt');
      if (isKnown && names[i] !== name) other.push(`${file} ${at[i]}: ${name}, here ${names[i]}`);
    }
  }
  return { places, other };
}

function record(...program: string[]): string {
  const data = join(folder, 'perf.data');
  const flags = [
    '--no-bpf-event',
    '-N',
    '--buildid-all',
    '-e',
    'cpu-clock',
    '-F',
    '4999',
    '--call-graph',
    'fp',
    '-o',
    data,
  ];
  execFileSync('perf', ['record', ...flags, '--', ...program], { stdio: 'ignore' });
  return data;
}

/** Whether the kernel lets us record at all. */
function canRecord(): boolean {
  try {
    record('true');
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!perf || !gpp || !requireTool('permission to record with perf', canRecord()))(
  "perf script's names",
  () => {
    test('are ours, of a C++ program', () => {
      const source = join(folder, 'p.cc');
      writeFileSync(source, SOURCE);
      execFileSync('g++', ['-O1', '-fno-omit-frame-pointer', source, '-o', join(folder, 'p')]);
      const { places, other } = differences(record(join(folder, 'p')));
      expect(places).toBeGreaterThan(50);
      expect(other).toEqual([]);
    });

    test('are ours, of node, its libraries and the kernel', () => {
      const work =
        'let o={};for(let i=0;i<2e5;i++)o["k"+i%9999]=JSON.stringify({i,a:[1,2]});require("zlib").gzipSync(JSON.stringify(o));require("crypto").pbkdf2Sync("a","b",9999,64,"sha512")';
      const { places, other } = differences(record(process.execPath, '-e', work));
      expect(places).toBeGreaterThan(500);
      // Names of C++ with parts that the two demanglers write in another way: test/symbols/demangle.test.ts.
      expect(other.length / places).toBeLessThan(0.01);
    });
  },
);
