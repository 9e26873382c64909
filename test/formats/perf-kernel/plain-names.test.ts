import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldedCannotHold } from '../../../src/formats/folded/limits.ts';
import { linesByScript } from '../../../src/formats/folded/write.ts';
import { Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { perfScript, readLines } from '../../../src/formats/perf-script.ts';

/** What names are made of, the borders of every rule for them among it. */
const part = fc.constantFrom(
  ...[
    'f',
    'g_1',
    'std::',
    '::',
    ':',
    ' ',
    '  ',
    '.',
    '..',
    '/',
    '~',
    '*',
    '^',
    '+',
    '?',
    'o',
    "'",
    '#',
    '%',
    '|',
    '\\',
  ],
  ...['<int>', '<', '>', '->', 'a->b', '(int)', '(', ')', '{lambda(int)#1}', '{', '}', '[abi:cxx11]', '[', ']', '_[k]'],
  ...[
    'operator',
    'operator()',
    'operator new',
    'decltype',
    'decltype(x)',
    'int',
    '(anonymous namespace)',
    '(anonymous',
  ],
  ...['+0x1f', '+0x', 'h0123456789abcdef', '::h0123456789abcdef', '0123456789abcdef', 'pkg.(*T).m', '[unknown]'],
  ...[
    'JS:',
    'JS:*',
    'JS:o^',
    "JS:*'",
    'JS:?',
    'Eval:~',
    'Function:',
    'RegExp:',
    'Builtins_',
    'Builtin:',
    'Bytecode',
    'B',
  ],
  ...[
    ' /srv/a.js:1:2',
    ' /srv/a b.js:10:20',
    ' file:///srv/b.mjs:3:4',
    ' file:///srv/a%20b.mjs:1:1',
    ' file:///a/../b:1:1',
  ],
  ...[
    ' file://host/b.mjs:3:4',
    ' node:fs:10:3',
    ' node:fs',
    ':0:1',
    ':1:0',
    ':1:2',
    ':01:2',
    ':1234567890:1',
    'evalmachine',
  ],
  ...['\u00e9', '\u{1d4b3}', '\ue000', '\uffff', ';', 'Lcom/a;::b', '_ZN1a1b17h0123456789abcdefE'],
);
const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
const module = fc.constantFrom(
  '/srv/app',
  '/usr/bin/node',
  '[kernel.kallsyms]',
  '/tmp/perf-12.map',
  '[unknown]',
  'inlined',
);

test('names that the kernel reads are cut, sorted and noted as those that are read line by line', async () => {
  const frame = fc.tuple(name, module);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(frame, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 60, size: 'max' }),
      async (stacks) => {
        const text = stacks
          .map((frames) => {
            const lines = frames.map(([symbol, dso], i) => `\t    ${(4096 + i).toString(16)} ${symbol} (${dso})\n`);
            return `app 1/2 1.000001: 7 cycles: \n${lines.join('')}\n`;
          })
          .join('');
        const [one, two] = [new Notes(), new Notes()];
        const profile = await readLines(inputOf(text, 'x', 1000), one);
        const collapsed = (await perfScript.collapse!(inputOf(text, 'x', 1000), two, 'comm', {}))!;
        const lines = Array.from(collapsed.chunks, (chunk) => Buffer.from(chunk).toString('utf8')).join('');
        const expected = Array.from(linesByScript(profile, 'comm'), (chunk) =>
          Buffer.from(chunk).toString('utf8'),
        ).join('');
        expect(lines.replace(/^# .*\n/, '')).toBe(expected);
        if (profile.samples.length > 0) expect(two.list).toEqual([...one.list, ...foldedCannotHold(profile, 'comm')]);
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});

test('tables grow: a hundred thousand lines, names and stacks of their own', async () => {
  const blocks: string[] = [];
  for (let i = 0; i < 100_000; i++) {
    const address = (0x401000 + i * 16).toString(16);
    blocks.push(
      `app 1/2 1.000001: 7 cycles: \n\t${address} f${i % 30_000}+0x${i.toString(16)} (/srv/app)\n\t1 main (/srv/app)\n\n`,
    );
  }
  const collapsed = (await perfScript.collapse!(inputOf(blocks.join(''), 'x'), new Notes(), 'comm', {}))!;
  const lines = Array.from(collapsed.chunks, (chunk) => Buffer.from(chunk).toString('utf8'))
    .join('')
    .trimEnd()
    .split('\n');
  const expected = Array.from({ length: 30_000 }, (_, i) => `app;main;f${i} ${(i < 10_000 ? 4 : 3) * 7}`).sort();
  expect(lines).toEqual(expected);
});
