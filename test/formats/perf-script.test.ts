import { describe, expect, test } from 'vitest';
import { perfScript } from '../../src/formats/perf-script.ts';
import { KINDS, type Profile, TIERS } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { linesOf } from '../profile/profile-of.ts';
import { readText, refusal } from './harness.ts';

const read = (text: string | Uint8Array) => readText(text, perfScript);
const sample = (header: string, ...frames: string[]) => `${header}\n${frames.map((f) => `\t${f}\n`).join('')}\n`;
const one = (...frames: string[]) => read(sample('app 1/2 1.5: 7 cycles: ', ...frames));

/** Thread, event, period and time of every sample, as words. */
function headersOf({ samples, threads, valueTypes }: Profile): string[] {
  return Array.from(samples.stack, (_stack, i) => {
    const { name, pid, tid } = threads[samples.thread?.[i] ?? -1] ?? { name: '?', pid: -1, tid: -1 };
    const weights = valueTypes.map(({ type }, k) => `${type}=${samples.values[k]![i]}`).join(' ');
    return `${name}|${pid}/${tid} ${weights}${samples.time ? ` @${samples.time[i]}` : ''}`;
  });
}

/** Frames of the first sample, leaf first: name, module, kind. */
function framesOf(profile: Profile): string[] {
  const { frames, strings, stacks, samples } = profile;
  const words: string[] = [];
  for (let stack = samples.stack[0]!; stack >= 0; stack = stacks.parent[stack]!) {
    const frame = stacks.frame[stack]!;
    words.push(`${strings[frames.name[frame]!]} (${strings[frames.module[frame]!]}) ${KINDS[frames.kind[frame]!]}`);
  }
  return words;
}

describe('headers, with any of their fields', () => {
  test.each([
    ['app  12/34 [001] 1.5: 250 cycles: ', 'app|12/34 samples=1 cycles=250 @1500000000'],
    ['app  34 1.5: 250 cycles: ', 'app|-1/34 samples=1 cycles=250 @1500000000'],
    ['app  34 1.5:     cycles: ', 'app|-1/34 samples=1 @1500000000'],
    ['app 34 1.5: 0 cycles: ', 'app|-1/34 samples=1 @1500000000'],
    ['app  34 cycles: ', 'app|-1/34 samples=1'],
    ['app  34 [001] 250 cycles: ', 'app|-1/34 samples=1 cycles=250'],
    ['app  34 1.5: ', 'app|-1/34 samples=1 @1500000000'],
    ['app  34 1.5: 250 ', 'app|-1/34 samples=1 period=250 @1500000000'],
    ['app 1.5: cycles: ', 'app|-1/-1 samples=1 @1500000000'],
    ['app ', 'app|-1/-1 samples=1'],
    ['my app cycles: ', 'my app|-1/-1 samples=1'],
    ['swapper     0 [001] 1.123456789: 1 cycles: ', 'swapper|-1/0 samples=1 cycles=1 @1123456789'],
    [':-1    -1/-1 1.5: 1 cycles:', ':-1|-1/-1 samples=1 cycles=1 @1500000000'],
    ['V8 WorkerThread 12/34 1.5: 9 cycles:', 'V8 WorkerThread|12/34 samples=1 cycles=9 @1500000000'],
    ['my 99 app 12/34 1.5: 9 cycles:', 'my 99 app|12/34 samples=1 cycles=9 @1500000000'],
    ['12345 67 10 1.5: 9 cycles:', '12345 67|-1/10 samples=1 cycles=9 @1500000000'],
    ['x:y [000] 10 1.5: 9 cycles:', 'x:y [000]|-1/10 samples=1 cycles=9 @1500000000'],
    ['kworker/0:1-events 77 [000] 1.5: 5 cycles: ', 'kworker/0:1-events|-1/77 samples=1 cycles=5 @1500000000'],
    ['(sd-pam)  1 1.5: 5 cycles: ', '(sd-pam)|-1/1 samples=1 cycles=5 @1500000000'],
    ['a 10 1.5: 9 cycles:', 'a|-1/10 samples=1 cycles=9 @1500000000'],
    ['dd 10 1.5: 9 cycles:', 'dd|-1/10 samples=1 cycles=9 @1500000000'],
    ['  10 1.5: 9 cycles:', '|-1/10 samples=1 cycles=9 @1500000000'],
    ['#1 10 1.5: 9 cycles:', '#1|-1/10 samples=1 cycles=9 @1500000000'],
    ['__proto__ 10 1.5: 9 cycles:', '__proto__|-1/10 samples=1 cycles=9 @1500000000'],
  ])('%s', async (header, expected) => {
    const profile = await read(sample(header, '1f f+0x1 (/srv/a)'));
    expect(headersOf(profile)).toEqual([expected]);
    expect(framesOf(profile)).toEqual(['f (/srv/a) app']);
    expect(profile.meta.notes).toEqual([]);
  });

  test.each([
    ['cycles:ppp', 'cycles', 'count'],
    ['cpu-clock:uhH', 'cpu-clock', 'nanoseconds'],
    ['task-clock', 'task-clock', 'nanoseconds'],
    ['sched:sched_switch', 'sched:sched_switch', 'count'],
    ['cpu/event=0x3c,umask=0x0/u', 'cpu/event=0x3c,umask=0x0/u', 'count'],
    ['cpu/cycles/:u', 'cpu/cycles/', 'count'],
  ])('event %s is weighed as %s in %s', async (event, type, unit) => {
    const profile = await read(sample(`app 1 1.5: 5 ${event}: `, '1 f (/a)'));
    expect(profile.valueTypes).toEqual([
      { type: 'samples', unit: 'count' },
      { type, unit },
    ]);
  });

  test('a tracepoint with its fields, and a single frame, on the header line', async () => {
    const trace = await read(sample('app 1 1.5: sched:sched_switch: prev=a ==> next=b', '1 f (/a)'));
    expect(linesOf(trace)).toEqual(['f 1']);
    const single = await read(
      'false 6 1.5:  34467 cycles:u:  ffffffff9a [unknown] ([unknown])\ndd 6 1.6: 1 cycles: 1f f+0x4 (/a)\n',
    );
    expect(linesOf(single)).toEqual(['[unknown] 34467', 'f 1']);
  });

  test('several events: a weight each, the one with most samples is the default', async () => {
    const text = ['5 cycles', '7 instructions', '9 instructions']
      .map((event, i) => sample(`app 1 1.${i}: ${event}: `, '1 f (/a)'))
      .join('');
    const profile = await read(text);
    expect(profile.valueTypes.map(({ type }) => type)).toEqual(['samples', 'cycles', 'instructions']);
    expect(profile.valueTypes.map((_type, i) => totalWeight(profile, i))).toEqual([3, 5, 16]);
    expect(profile.meta.notes).toEqual([
      'several events: instructions (samples: 2), cycles (samples: 1); instructions is the default weight',
    ]);
  });
});

describe('frames', () => {
  test.each([
    ['1 main+0x1f (/srv/app)', 'main (/srv/app) app'],
    ['1 f (/a b/x.so)', 'f (/a b/x.so) native'],
    ['1 f+0x1 (/memfd:x (deleted))', 'f (/memfd:x (deleted)) jit'],
    ['1 f (/opt/x (86)/lib.so)', 'f (/opt/x (86)/lib.so) native'],
    ['1 f (/srv/app+0x1234)', 'f (/srv/app) app'],
    ['ffffffff81 vfs_read ([kernel.kallsyms])', 'vfs_read ([kernel.kallsyms]) kernel'],
    ['1 f ([nf_conntrack])', 'f ([nf_conntrack]) kernel'],
    ['1 f (/lib/modules/5/vmlinux-5.4.1)', 'f (/lib/modules/5/vmlinux-5.4.1) kernel'],
    ['1 f ([unknown])', 'f () native'],
    ['1 [unknown] ([unknown])', '[unknown] () unknown'],
    ['1 [unknown] (/usr/lib/libc.so.6)', '[libc.so.6] (/usr/lib/libc.so.6) native'],
    ['1 [unknown] (/srv/a (deleted))', '[a] (/srv/a (deleted)) app'],
    ['1 [unknown] (//anon)', '[anon] (//anon) jit'],
    ['1  (/usr/lib/libc.so.6)', '[libc.so.6] (/usr/lib/libc.so.6) native'],
    ['1 a (inlined)', 'a () inlined'],
    ['   a::b(int) (inlined)', 'a::b () inlined'],
    ['1 (anonymous namespace)::f(int) (/x)', '(anonymous namespace)::f (/x) app'],
    [
      '1 std::map<int, void (*)(int)>::operator[](int const&) (/x)',
      'std::map<int, void (*)(int)>::operator[] (/x) app',
    ],
    ['1 main::{lambda(int)#1}::operator()(int) const (/x)', 'main::{lambda(int)#1}::operator() (/x) app'],
    ['1 S::operator->() (/x)', 'S::operator-> (/x) app'],
    ['1 f() -> int (/x)', 'f (/x) app'],
    ['1 net/http.(*Client).Do (/x)', 'net/http.(*Client).Do (/x) app'],
    ['1 a;b;c (/x)', 'a;b;c (/x) app'],
    ['1 RegExp:[&<>"\'](a) (/tmp/perf-1.map)', 'RegExp: [&<>"\'](a) (/tmp/perf-1.map) jit'],
    ['1 Builtin:ArrayMap (/tmp/perf-1.map)', 'Builtin:ArrayMap (/tmp/perf-1.map) builtin'],
    ['1 operator()(int)', 'operator() () native'],
    ['1 f', 'f () native'],
  ])('%s', async (line, expected) => {
    expect(framesOf(await one(line))).toEqual([expected]);
  });

  test('an inlined chain of a Java agent: the first is the caller of the others', async () => {
    expect(framesOf(await one('1 La;.b->Lc;.d->Le;.f (/tmp/perf-1.map)'))).toEqual([
      'Le;.f (/tmp/perf-1.map) inlined',
      'Lc;.d (/tmp/perf-1.map) inlined',
      'La;.b (/tmp/perf-1.map) jit',
    ]);
  });

  test('JavaScript: file, line, column, tier', async () => {
    const profile = await one(
      '1 JS:*parse file:///a/b.js:3:7+0x1f (/tmp/perf-1.map)',
      '2 JS:~ node:fs:1:2 (/tmp/perf-1.map)',
    );
    expect(linesOf(profile)).toEqual(['(anonymous) node:fs:1:2;parse /a/b.js:3:7 7']);
    expect(framesOf(profile).map((frame) => frame.split(' ').at(-1))).toEqual(['app', 'runtime']);
    expect(Array.from(profile.frames.tier, (tier) => TIERS[tier])).toEqual(['optimized', 'interpreted']);
  });

  test('source lines beneath', async () => {
    const text =
      'app 1 1.5: 1 cycles: \n\t1 f+0x1 (/a)\n  a.c:12\n\t2 g (/a)\n  ??:0\n\t3 h (/a)\n  libc.so.6[3]\n\t4 i (/a)\n  b.c:7 (discriminator 2)\n\n';
    const profile = await read(text);
    expect(linesOf(profile)).toEqual(['i b.c:7;h;g;f a.c:12 1']);
    expect(profile.meta.notes).toEqual([]);
  });

  test('frames indented by blanks, as old perfs do', async () => {
    expect(linesOf(await read('app 1 1.5: 1 cycles: \n      13a8 f (/a)\n      c6d7 main (/a)\n\n'))).toEqual([
      'main;f 1',
    ]);
  });
});

describe('samples end with a blank line, the next header or the input', () => {
  const frame = '\t1 f (/a)\n';
  const header = (i: number) => `app 1 1.${i}: 1 cycles: \n`;

  test('no blank line between, none at the end', async () => {
    const profile = await read(header(1) + frame + header(2) + frame.trimEnd());
    expect(linesOf(profile)).toEqual(['f 1', 'f 1']);
    expect(profile.meta.notes).toEqual(['the last sample (line 4) is not closed by a blank line: it may be cut']);
  });

  test('a blank line between header and frames', async () => {
    expect(linesOf(await read(`${header(1)}${frame}\n${header(2)}\n${frame}\n`))).toEqual(['f 1', 'f 1']);
  });

  test('samples without a stack stay, and are counted', async () => {
    const profile = await read(`${header(1)}\n${header(2)}${frame}\n${header(3)}`);
    expect([...profile.samples.stack]).toEqual([-1, 0, -1]);
    expect(profile.meta.notes).toEqual(['samples without a stack: 2 of 3']);
  });

  test('a frame that is cut is left out', async () => {
    const profile = await read(`${header(1)}${frame}\t2 mai`);
    expect(linesOf(profile)).toEqual(['f 1']);
    expect(profile.meta.notes.join()).toContain('it may be cut');
  });

  test('stacks only (perf script -F ip,sym,dso)', async () => {
    const profile = await read(`\n${frame}\n\n${frame}\n`);
    expect(linesOf(profile)).toEqual(['f 1', 'f 1']);
    expect(profile.meta.notes).toEqual(['stacks without a header line, their thread unknown: 2']);
  });

  test.each([
    ['CRLF', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])('%s changes nothing', async (_name, encode) => {
    const text = header(1) + frame + header(2) + frame;
    expect(await read(encode(text))).toEqual(await read(text));
  });
});

describe('lines that are no samples', () => {
  test('comments give the command, host and version', async () => {
    const header =
      '# ========\n# hostname : build-1\n# perf version : 6.1.2\n# cmdline : /usr/bin/perf record ./app \n#\n';
    const { meta } = await read(header + sample('app 1 1.5: 1 cycles: ', '1 f (/a)'));
    expect(meta).toMatchObject({ tool: 'perf 6.1.2', host: 'build-1', command: ['/usr/bin/perf', 'record', './app'] });
    expect(meta.notes).toEqual([]);
  });

  test('records of mappings are passed over, lost samples are told', async () => {
    const text =
      'swapper 0 0.000000: PERF_RECORD_MMAP -1/0: [0xff(0x1) @ 0xff]: x [kernel.kallsyms]_text\n' +
      'app 1 1.0: PERF_RECORD_COMM: app:1/1\n' +
      'app 1 1.1: PERF_RECORD_LOST lost 12\napp 1 1.1: PERF_RECORD_LOST_SAMPLES lost 3\n';
    const profile = await read(text + sample('app 1 1.5: 1 cycles: ', '1 f (/a)'));
    expect(profile.samples.length).toBe(1);
    expect(profile.meta.notes[0]).toMatch(
      /^samples that perf lost because it could not keep up: 15 \(\d+\.\d%\); sample less often/,
    );
    expect(profile.meta.notes).toHaveLength(1);
  });

  test('output of programs in between is noted with its place, and breaks no sample', async () => {
    const text =
      'app 1 1.5: 1 cycles: \n\t1 f (/a)\nListening on port 3000 http://localhost: \nworker 3 ready: yes\n\t2 g (/a)\n\n';
    const profile = await read(text);
    expect(linesOf(profile)).toEqual(['g;f 1']);
    expect(profile.meta.notes).toEqual([
      'x: lines not understood and left out: 2, first line 3: "Listening on port 3000 http://localhost: "',
    ]);
  });

  test('a broken header costs the thread, not the sample', async () => {
    const good = sample('app 1 1.5: 1 cycles: ', '1 f (/a)');
    const profile = await read(`${good}app 1 1.6ERROR\n\t1 g (/a)\n\n`);
    expect(profile.samples.length).toBe(2);
    expect(profile.meta.notes).toEqual([
      'x: lines not understood and left out: 1, first line 4: "app 1 1.6ERROR"',
      'stacks without a header line, their thread unknown: 1',
    ]);
  });

  test('only a header comment is no sample', async () => {
    expect(await refusal(read('# ========\n# cmdline : perf record\n'))).toContain('no samples in x');
  });

  test('periods above 2^53 are told', async () => {
    const profile = await read(sample('app 1 1.5: 18446744073709551615 cycles: ', '1 f (/a)'));
    expect(profile.meta.notes).toEqual(['periods above 2^53, so that totals are rounded: 1']);
    expect(totalWeight(profile)).toBe(2 ** 64);
  });
});
