import { describe, expect, test } from 'vitest';
import type { Profile } from '../../src/profile/profile.ts';
import { redactArguments, redactPaths } from '../../src/profile/redact.ts';
import { profileOf } from './profile-of.ts';

const called = (...command: string[]): Profile => ({
  ...profileOf('main 1'),
  meta: { command, host: 'db7.internal', notes: [], tool: 'perf' },
});

const files = ({ frames, strings }: Profile): string[] => [...frames.file].map((file) => strings[file]!);

describe('redactArguments', () => {
  test('names of options stay; values, words and the host go', () => {
    const { meta } = redactArguments(
      called(
        'node',
        '--max-old-space-size=100',
        'server.js',
        '--token',
        's3cret',
        '-psecret',
        '--password=a=b',
        '-v',
        '-',
      ),
    );
    expect(meta).toEqual({
      command: [
        'node',
        '--max-old-space-size=[redacted]',
        ...['[redacted]', '--token', '[redacted]', '-p[redacted]', '--password=[redacted]', '-v', '[redacted]'],
      ],
      notes: [],
      tool: 'perf',
    });
  });
});

describe('redactPaths', () => {
  const cases: readonly [string, string][] = [
    ['/home/alice/work/shop/src/server.js', '…/src/server.js'],
    ['/home/alice/server.js', '~/server.js'],
    ['/root/x.js', '~/x.js'],
    ['/Users/bob/a/b.ts', '…/a/b.ts'],
    ['C:\\Users\\bob\\shop\\src\\a.ts', '…/src/a.ts'],
    ['/srv/customer/shop/node_modules/@acme/kit/lib/a.js', '…/node_modules/@acme/kit/lib/a.js'],
    ['/usr/lib/x86_64-linux-gnu/libc.so.6', '/usr/lib/x86_64-linux-gnu/libc.so.6'],
    ['/tmp/app', '…/tmp/app'],
    ['node:internal/fs', 'node:internal/fs'],
    ['file:///home/alice/shop/lib/a.mjs', '…/lib/a.mjs'],
    ['https://intra.acme.example/app/main.js?token=1', '…/app/main.js'],
    ['src/a.js', 'src/a.js'],
    ['[kernel.kallsyms]', '[kernel.kallsyms]'],
  ];
  test.each(cases)('%s', (path, expected) => {
    const profile = profileOf('main 1');
    const renamed = { ...profile, strings: ['', path, ...profile.strings.slice(2)] };
    const withFile = {
      ...renamed,
      strings: [...renamed.strings, 'f'],
      frames: { ...renamed.frames, file: Int32Array.of(1), name: Int32Array.of(renamed.strings.length) },
    };
    expect(files(redactPaths(withFile))).toEqual([expected]);
  });

  test('paths within names, commands, threads and notes; no string of before is left', () => {
    const profile = profileOf`
      [/home/alice/bin/app 1/1] main /home/alice/shop/a.js:1:2;(anonymous)@/home/alice/shop/lib/b.js 4
    `;
    const redacted = redactPaths({
      ...profile,
      meta: {
        command: ['node', '/home/alice/shop/a.js', '--log=/home/alice/x/y/log'],
        notes: ['no symbols in /home/alice/shop/app.so (3 frames)'],
      },
    });
    expect(JSON.stringify(redacted)).not.toMatch(/alice/);
    expect(redacted.meta.command).toEqual(['node', '…/shop/a.js', '--log=…/y/log']);
    expect(redacted.meta.notes).toEqual(['no symbols in …/shop/app.so (3 frames)']);
  });

  test('what is no path stays: operators, templates, regular expressions, packages of Go', () => {
    const names = ['operator/', 'a / b', 'Foo<1/2>::bar', 'RegExp: /home/x', 'github.com/user/repo.Fn'];
    const profile = profileOf('main 1');
    for (const name of names) {
      const { strings, frames } = redactPaths({ ...profile, strings: ['', name] });
      expect(strings[frames.name[0]!]).toBe(name);
    }
  });

  test('the same file stays one in both recordings of a comparison, whatever else they hold', () => {
    const one = redactPaths(profileOf('main /home/a/p/x.js:1:1;other /home/a/q/y.js:1:1 1'));
    const two = redactPaths(profileOf('other /home/a/q/y.js:1:1;main /home/a/p/x.js:1:1 1'));
    expect(files(one)).toEqual(files(two).reverse());
  });
});
