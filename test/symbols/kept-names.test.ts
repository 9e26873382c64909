import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KeptNames } from '../../src/symbols/kept-names.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-names-'));
  path = join(folder, 'names');
});
afterEach(() => rmSync(folder, { recursive: true }));

function keepNames(names: Record<string, string>, demangler = '1 2'): void {
  const kept = new KeptNames(path, demangler);
  for (const [mangled, readable] of Object.entries(names)) kept.add(mangled, readable);
  kept.keep();
}

test('names are kept for their user, and added to', () => {
  keepNames({ _Znwm: 'operator new' });
  keepNames({ _ZN1aIiE1bEv: 'a<int>::b' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const kept = new KeptNames(path, '1 2');
  expect(kept.get('_Znwm')).toBe('operator new');
  expect(kept.get('_ZN1aIiE1bEv')).toBe('a<int>::b');
  expect(kept.get('_Zdlm')).toBeUndefined();
});

test('nothing is written where nothing is new', () => {
  keepNames({ _Znwm: 'operator new' });
  const before = statSync(path).mtimeMs;
  const kept = new KeptNames(path, '1 2');
  kept.get('_Znwm');
  kept.keep();
  expect(statSync(path).mtimeMs).toBe(before);
});

test('names of another demangler, or of a file that others may write, are not believed', () => {
  keepNames({ _Znwm: 'operator new' });
  expect(new KeptNames(path, '1 3').get('_Znwm')).toBeUndefined();
  chmodSync(path, 0o622);
  expect(new KeptNames(path, '1 2').get('_Znwm')).toBeUndefined();
  chmodSync(path, 0o600);
  expect(new KeptNames(path, '1 2').get('_Znwm')).toBe('operator new');
});

test('a file that is cut, changed or added to, wherever, tells no wrong name', () => {
  keepNames({ _Znwm: 'operator new', _ZN1aIiE1bEv: 'a<int>::b', _Zdlm: 'operator delete' });
  const whole = readFileSync(path);
  const readable = (): (string | undefined)[] => {
    const kept = new KeptNames(path, '1 2');
    return ['_Znwm', '_ZN1aIiE1bEv', '_Zdlm', '_Zdlpv'].map((name) => kept.get(name));
  };
  const nothing = [undefined, undefined, undefined, undefined];
  expect(readable()).toEqual(['operator new', 'a<int>::b', 'operator delete', undefined]);
  for (let at = 0; at < whole.length; at++) {
    writeFileSync(path, whole.subarray(0, at));
    expect(readable()).toEqual(nothing);
    // A disk that was cut off leaves zeros
    const broken = Buffer.from(whole).fill(0, at, Math.min(at + 12, whole.length));
    writeFileSync(path, broken);
    expect(readable()).toEqual(nothing);
  }
  writeFileSync(path, Buffer.concat([whole, Buffer.from('_Zdlpv\toperator del\n')]));
  expect(readable()).toEqual(nothing);
  keepNames({ _Zdlpv: 'operator delete' });
  expect(readable()[3]).toBe('operator delete');
});

test('names that would break the file, or are very long, are left out; the file has an end', () => {
  keepNames({ '_Za\tb': 'x', _Zc: 'two\nlines', _Zd: 'y'.repeat(5_000), _Ze: 'fine' });
  expect(readFileSync(path, 'utf8')).toMatch(/^names 3 1 2 [0-9a-f]+\n_Ze\tfine\n$/);
  keepNames(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`_Z${i}`, 'name'.repeat(40)])));
  expect(statSync(path).size).toBeLessThan(1.1 * 2 ** 20);
  // Those of the last run go before those of earlier ones
  expect(new KeptNames(path, '1 2').get('_Ze')).toBeUndefined();
  expect(new KeptNames(path, '1 2').get('_Z1')).toBe('name'.repeat(40));
});
