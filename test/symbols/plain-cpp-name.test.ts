import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { perfForm, withAbiTags } from '../../src/symbols/cpp-form.ts';
import { rawDemangled } from '../../src/symbols/demangler.ts';
import { plainCppName } from '../../src/symbols/plain-cpp-name.ts';
import { requireTool } from '../require-tool.ts';

test.each([
  ['_Z4loopv', 'loop'],
  ['_ZN4node5StartEiPPc', 'node::Start'],
  ['_ZNK5Outer5Inner4nameERKSs', 'Outer::Inner::name'],
  ['_ZN5Outer5InnerC2EOS0_', 'Outer::Inner::Inner'],
  ['_ZN5Outer5InnerD0Ev', 'Outer::Inner::~Inner'],
  ['_ZN12_GLOBAL__N_16hiddenEddz', '(anonymous namespace)::hidden'],
  ['_ZNSt6thread4joinEv', 'std::thread::join'],
  ['_ZN1a1bEN2v85LocalINS0_6ObjectELb1EEEPFvPKcEA16_i', 'a::b'],
  // Not plain, or no name
  ['_Z4fillILm64EEvv', undefined],
  ['_ZNK3BoxIiE4spinEv', undefined],
  ['_ZN3BoxclEv', undefined],
  ['_Z4nameB5cxx11v', undefined],
  ['_Z3foov.cold', undefined],
  ['_ZTV3foo', undefined],
  ['_ZN4core3fmt9Formatter3pad17h0123456789abcdefE', undefined],
  ['_ZN1a1bE', undefined],
  ['_ZN1a1bEK', undefined],
  ['_ZN1a1bEvE', undefined],
  ['_ZN1a1bENv', undefined],
  ['_ZN1a9999bEv', undefined],
  ['_ZN1aE', undefined],
  ['_Z', undefined],
  ['_ZN', undefined],
  ['main', undefined],
])('%s is %s', (mangled, name) => {
  expect(plainCppName(mangled)).toBe(name);
});

const demangler = (mangled: string): string => {
  const raw = rawDemangled(withAbiTags(mangled));
  return raw === undefined ? mangled : perfForm(raw, mangled);
};

describe.skipIf(!requireTool('nm', findTool('nm') !== undefined))('functions of node', () => {
  const nodes = execFileSync('nm', [process.execPath], { encoding: 'utf8', maxBuffer: 1e9 });
  const names = [...new Set([...nodes.matchAll(/ [tTwW] (_Z\S+)$/gm)].map(([, name]) => name!))];

  test.skipIf(names.length < 1000)('are called as the demangler calls them; half of them are plain', () => {
    const plain = names.filter((_, i) => i % 4 === 0).flatMap((name) => [[name, plainCppName(name)] as const]);
    const found = plain.filter(([, name]) => name !== undefined);
    expect(found.length).toBeGreaterThan(plain.length / 2);
    expect(found.filter(([mangled, name]) => demangler(mangled) !== name)).toEqual([]);
  });

  test.skipIf(names.length < 1000)('cut or changed anywhere, they give a name or none', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names.slice(0, 5000)),
        fc.nat(200),
        fc.string({ maxLength: 3 }),
        (name, at, text) => {
          for (const mangled of [name.slice(0, at), name.slice(0, at) + text + name.slice(at + 1)]) {
            expect(plainCppName(mangled) ?? '').not.toMatch(/[^\w:~ ()]/);
          }
        },
      ),
    );
  });
});
