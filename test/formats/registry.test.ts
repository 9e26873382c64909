import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat, formatById, formats, readProfile, writableFormats } from '../../src/formats/registry.ts';
import { WRITABLE_FORMATS } from '../../src/formats/writable.ts';
import { readText, refusal } from './harness.ts';

const detect = (content: string | Uint8Array) => detectFormat(inputOf(content, 'x'));
const outcome = (content: string | Uint8Array) => refusal(Promise.resolve().then(() => detect(content)));

describe('a format is told by its content', () => {
  test.each([
    ['folded', 'main;a 1\nmain;b 2\n'],
    ['folded', 'single 1\n'],
    ['folded', `m;${'y'.repeat(10_000)} 5\n`],
    ['folded', '# comment\n\nmain;a 1\n'],
    ['folded', '(anonymous);a 1\nf<int>;a::b(int (*)(char)) 2\n'],
    ['perf-script', 'app 10 1.000000:     250000 cpu-clock: \n\t 1 f (/a)\n\n'],
    ['perf-script', 'app 10 cpu-clock: \n\t 1 f (/a)\n\n'],
    ['perf-script', '# captured on: Mon\n# cmdline : perf record x\n'],
    ['perf-script', '\t 1 f (/a)\n\t 2 main (/a)\n'],
    ['cpuprofile', '{"nodes":[{"id":1,"callFrame":{'],
    ['cpuprofile', '{ "startTime" : 1, "samples": [1'],
    ['cpuprofile', '{"head":{"functionName":"(root)","url":""'],
    ['json', '{ "pforgeProf": "profile", "version": 1'],
    ['perf-data', Buffer.from('PERFILE2\0\0\0\0')],
    ['chrome-trace', '{"traceEvents":[{"args":{"data":{"cpuProfile":{"nodes":[{"callFrame":{}}]}}}}]}'],
    ['heapprofile', '{"head":{"callFrame":{"functionName":"(root)"},"selfSize":0}}'],
  ])('%s', (id, content) => {
    expect(detect(content).id).toBe(id);
  });

  test.each([
    ['an HTML page', '<!doctype html><html>404 Not found</html>'],
    ['an ELF program or library', Buffer.from('\x7fELF\x02\x01')],
    ['gzip data inside gzip data', Buffer.of(0x1f, 0x8b, 8)],
    ['zstd data', Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 1)],
    ['a zip archive', Buffer.from('PK\x03\x04')],
    ['an SVG picture', '<?xml version="1.0"?><page><svg xmlns="x">'],
    ['a PNG picture', Buffer.from('\x89PNG\r\n', 'latin1')],
    ['binary data', Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 7919) % 256))],
    ['JSON that is no profile', '[1,2]'],
    ['plain text', 'x'.repeat(1000)],
    ['plain text', 'Dear all,\nhow are you?\n'],
  ])('other content is named: %s', async (name, content) => {
    const message = await outcome(content);
    expect(message).toContain(`it looks like ${name}`);
    expect(message).toContain('formats are perf-data, perf-script, folded, cpuprofile');
    expect(message).toContain('--input-format');
  });

  test('blank lines only', async () => {
    expect(await outcome('\n \n\n')).toBe('no samples in x: it holds blank lines only');
  });

  test('content that may be of two formats', async () => {
    expect(await outcome('version: 1\nmain 5\n')).toBe('x could be folded or callgrind: say which with --input-format');
  });
});

test('an unknown format names the known ones', async () => {
  expect(formatById('folded').id).toBe('folded');
  expect(await refusal(Promise.resolve().then(() => formatById('pprofff')))).toBe(
    `unknown input format 'pprofff': known are ${formats.map(({ id }) => id).join(', ')}`,
  );
});

test('what can be written is known without loading a format', () => {
  expect(WRITABLE_FORMATS).toEqual(writableFormats().map(({ id, extension }) => ({ id, extension })));
});

test('ids and extensions of formats are unique, and every writable one has an extension', () => {
  expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
  const extensions = writableFormats().map(({ extension }) => extension);
  expect(new Set(extensions).size).toBe(extensions.length);
  expect(extensions).not.toContain(undefined);
});

test.each([
  ['folded', 'main;a 0\nmain;b 0\n'],
  ['folded', '# pforge-prof unit=bytes type=alloc\n'],
  ['perf-script', '# captured on: Mon\n# ========\n#\n'],
  ['cpuprofile', '{"nodes":[{"id":1,"callFrame":{"functionName":"(root)"}}],"samples":[],"timeDeltas":[]}'],
])('a %s without samples is refused, unless it may be empty', async (id, text) => {
  expect(await refusal(readText(text))).toMatch(/^no samples in x: /);
  const stdin = Readable.from([Buffer.from(text)]);
  const profile = await readProfile('-', { stdin, allowEmpty: true });
  expect(profile.meta.format).toBe(id);
});

test('the reason for having no samples is told', async () => {
  const idle =
    '{"nodes":[{"id":1,"callFrame":{"functionName":"(idle)","url":""}}],"samples":[1],"timeDeltas":[0],"endTime":2000}';
  expect(await refusal(readText(idle))).toBe('no samples in x: it was idle all the time');
});

test('the format can be forced', async () => {
  const stdin = () => Readable.from([Buffer.from('main;parse 3\n')]);
  expect((await readProfile('-', { stdin: stdin(), inputFormat: 'folded' })).samples.length).toBe(1);
  expect(await refusal(readProfile('-', { stdin: stdin(), inputFormat: 'cpuprofile' }))).toBe(
    'standard input: line 1, column 1: this is not valid JSON',
  );
});
