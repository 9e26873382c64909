import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { demangled } from '../../src/symbols/demangle.ts';
import { requireTool } from '../require-tool.ts';

test.each([
  ['_ZN5Outer5InnerC1Ei', 'Outer::Inner::Inner'],
  ['_ZNK3BoxIiE4spinERKSt6vectorIiSaIiEEm', 'Box<int>::spin'],
  ['_ZNK12_GLOBAL__N_16HiddenclEdd', '(anonymous namespace)::Hidden::operator()'],
  ['_Z4fillILm64EEvv', 'fill<64ul>'],
  ['_Z4fillILin3ELj7EEvv', 'fill<-3, 7u>'],
  ['_Z4nameB5cxx11v', 'name[abi:cxx11]'],
  ['_ZNSo3putEc', 'std::ostream::put'],
  ['_ZNSi3getEv', 'std::istream::get'],
  ['_ZThn16_N3fooD0Ev', 'non-virtual thunk to foo::~foo()'],
  ['_ZTv0_n24_N3fooD0Ev', 'virtual thunk to foo::~foo()'],
  ['_ZTV3foo', 'vtable for foo'],
  ['_Z3foov.cold', 'foo'],
  ['_ZN3fooC2Ev@@LIB_1.0', 'foo::foo@@LIB_1.0'],
  [
    '_ZNSt17_Function_handlerIF3BoxIiEiEPFS1_iEE9_M_invokeERKSt9_Any_dataOi',
    'std::_Function_handler<Box<int> (int), Box<int> (*)(int)>::_M_invoke',
  ],
  ['_ZN4core3fmt9Formatter3pad17h0123456789abcdefE', 'core::fmt::Formatter::pad'],
  [
    '_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE.llvm.77',
    '<alloc::string::String as core::fmt::Debug>::fmt',
  ],
  ['_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE', 'std::rt::lang_start::{{closure}}'],
  ['_RNvCs1234_7mycrate3foo', 'mycrate::foo'],
  ['_RNvMsr_NtCs3ssYzQotkvD_3std4pathNtB5_7PathBuf3newCs15kBYyAo9fc_7mycrate.warm', '<std::path::PathBuf>::new'],
  ['main', 'main'],
  ['_Zebra', '_Zebra'],
  ['_start', '_start'],
  ['_ZN3foo', '_ZN3foo'],
  ['_R', '_R'],
])('%s is %s', (mangled, readable) => {
  expect(demangled(mangled)).toBe(readable);
});

describe.skipIf(!requireTool('c++filt', findTool('c++filt') !== undefined))("c++filt's names", () => {
  const nodes = execFileSync('nm', [process.execPath], { encoding: 'utf8', maxBuffer: 1e9 });
  const all = new Set([...nodes.matchAll(/ [tTwW] (_Z\S+)$/gm)].map(([, name]) => name!));
  const names = [...all].filter((_, i) => i % 9 === 0);

  test.skipIf(names.length < 1000)('are ours, for 98.5 of 100 C++ functions of node', () => {
    const theirs = execFileSync('c++filt', ['-p', '--no-verbose'], {
      input: names.join('\n'),
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    const expected = theirs.trimEnd().split('\n');
    const same = names.filter((name, i) => demangled(name) === expected[i]);
    expect(same.length / names.length).toBeGreaterThan(0.985);
    // None stays mangled that c++filt reads, but a handful.
    const mangled = names.filter((name, i) => demangled(name) === name && expected[i] !== name);
    expect(mangled.length / names.length).toBeLessThan(0.001);
  });
});

test('a short name that stands for gigabytes stays as it is', () => {
  // f(A<int, int>, A<A<int, int>, A<int, int>>, ...): each parameter is twice the one before.
  const reference = (i: number): string => (i === 0 ? 'S_' : `S${(i - 1).toString(36).toUpperCase()}_`);
  const bomb = (depth: number): string =>
    `_Z1f1AIiiE${Array.from({ length: depth }, (_, i) => `S_I${reference(i + 1)}${reference(i + 1)}E`).join('')}`;
  expect(demangled(bomb(3))).toBe('f');
  // Where nobody looks at its parameters it does no harm
  expect(demangled(bomb(28))).toBe('f');
  expect(demangled(`${bomb(3)}.cold`)).toBe('f');
  expect(demangled(`${bomb(28)}.cold`)).toBe(`${bomb(28)}.cold`);
  const deep = `_Z1f${'P'.repeat(16_000)}i`;
  expect(demangled(deep)).toBe(deep);
  expect(demangled('_Z1fv')).toBe('f');
});
