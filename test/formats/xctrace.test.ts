import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat, readInput } from '../../src/formats/registry.ts';
import { NumbersById } from '../../src/formats/xctrace/numbers-by-id.ts';
import { xctrace } from '../../src/formats/xctrace.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { KINDS, type Profile } from '../../src/profile/profile.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { profileOrError, readText, refusal, stacksOf, testFormat } from './harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/collapse/xctrace');
if (!existsSync(PEERS)) console.log(`skipped: no recordings in ${PEERS}`);

const row = (time: number, rest: string) =>
  `<row><sample-time id="${time}" fmt="x">${time}000</sample-time>${rest}</row>\n`;
const document = (rows: string) =>
  `<?xml version="1.0"?>\n<trace-query-result>\n<node xpath='//table[11]'><schema name="time-profile"><col><mnemonic>time</mnemonic></col></schema>${rows}</node></trace-query-result>\n`;
const FIRST =
  '<thread id="1" fmt="main  0x84 (app, pid: 7)"><tid id="2" fmt="0x84">132</tid><process id="3" fmt="app (7)"><pid id="4" fmt="7">7</pid></process></thread>' +
  '<process ref="3"/><thread-state id="5" fmt="Running">Running</thread-state><weight id="6" fmt="1.00 ms">1000000</weight>' +
  '<backtrace id="7"><frame id="8" name="std::vector&lt;int&gt;::f(int &amp;&amp;)" addr="0x1"><binary id="9" name="app" path="/Users/a/app"/><source line="7"><path id="10">/Users/a/my &#x61;.cc</path></source></frame>' +
  '<frame id="11" name="start" addr="0x2"><binary id="12" name="dyld" path="/usr/lib/dyld"/></frame></backtrace>';
const AGAIN = '<thread ref="1"/><thread-state ref="5"/><weight ref="6"/>';
const SMALL = document(
  row(20, FIRST) +
    row(21, `${AGAIN}<backtrace ref="7"/>`) +
    row(22, `${AGAIN}<backtrace id="40"><frame id="41" name="0x104" addr="0x104"/><frame ref="11"/></backtrace>`) +
    row(23, `${AGAIN}<sentinel/>`),
);

testFormat({ format: xctrace, fixtures: [], small: SMALL });

const frameOf = (profile: Profile, name: string) => {
  const { frames, strings } = profile;
  const at = Array.from(frames.name).findIndex((index) => strings[index] === name);
  return {
    file: strings[frames.file[at]!],
    line: frames.line[at],
    module: strings[frames.module[at]!],
    kind: KINDS[frames.kind[at]!],
  };
};

describe('rows are samples', () => {
  test('values are named once and then referred to', async () => {
    const profile = await readText(SMALL);
    expect(stacksOf(profile)).toBe(
      'main 1000000\nmain;start;0x104 1000000\nmain;start;std::vector<int>::f(int &&) /Users/a/my a.cc 2000000\n',
    );
    expect(profile.threads).toEqual([{ pid: 7, tid: 132, process: 'app', name: 'main' }]);
    expect([...profile.samples.time!]).toEqual([20_000, 21_000, 22_000, 23_000]);
    expect(profile.valueTypes.map(({ type }) => type)).toEqual(['samples', 'time']);
    expect(frameOf(profile, 'std::vector<int>::f(int &&)')).toEqual({
      file: '/Users/a/my a.cc',
      line: 0,
      module: '/Users/a/app',
      kind: 'app',
    });
    expect(frameOf(profile, 'start').kind).toBe('native');
    expect(frameOf(profile, '0x104').kind).toBe('unknown');
    expect(profile.meta.notes).toEqual([
      'samples without a backtrace: 1',
      'frames are functions: the lines of calls within them are left out',
    ]);
  });

  test("the CPU profiler's cycles, tagged backtraces, threads that wait", async () => {
    const profile = await readText(
      document(
        row(
          20,
          '<cycle-weight id="1" fmt="5">5</cycle-weight><thread-state id="2" fmt="Blocked">Blocked</thread-state>' +
            '<tagged-backtrace id="3" fmt="f"><backtrace id="4"><frame id="5" name="f"><binary id="6" name="kernel.release.t8103"/></frame></backtrace></tagged-backtrace>',
        ) + row(21, '<cycle-weight ref="1"/><tagged-backtrace ref="3"/>'),
      ),
    );
    expect(profile.valueTypes).toEqual([
      { type: 'samples', unit: 'count' },
      { type: 'cycles', unit: 'count' },
    ]);
    expect(stacksOf(profile)).toBe('f 10\n');
    expect(frameOf(profile, 'f').kind).toBe('kernel');
    expect(profile.meta.notes).toEqual(['samples of threads that were not running: 1']);
  });

  test('a cut file keeps its complete rows', async () => {
    const profile = await readText(SMALL.slice(0, SMALL.indexOf('<row><sample-time id="22"') + 60));
    expect(profile.samples.length).toBe(2);
    expect(profile.meta.notes[0]).toBe('x ends within <row>: the file was cut, what follows is missing');
  });
});

describe('what is wrong is told', () => {
  test.each([
    ['row 1, <weight>: there is no weight with the id 99 before it', document(row(1, '<weight ref="99"/>'))],
    ['row 1, <backtrace>: there is no backtrace with the id 4 before it', document(row(1, '<backtrace ref="4"/>'))],
    ['row 1, <weight>: expected a whole number, found "-5"', document(row(1, '<weight>-5</weight>'))],
    [
      'row 2, <frame>: the id 8 is there already',
      document(row(1, FIRST) + row(2, '<backtrace id="90"><frame id="8" name="f"/></backtrace>')),
    ],
    ['row 1, <weight>: ref is no number: "x"', document(row(1, '<weight ref="x"/>'))],
    ['no row of the table has a backtrace: export another table', document(row(1, '<weight id="2">1</weight>'))],
    ['there is no row of a table: export it again', document('')],
    [
      'this is the table of contents of a recording: export a table',
      '<?xml version="1.0"?>\n<trace-toc><run number="1"/></trace-toc>',
    ],
  ])('%s', async (message, text) => {
    expect(await refusal(readText(text))).toContain(`x: ${message}`);
  });

  test.each([
    [
      'line 2: declarations (`<!DOCTYPE`, `<!ENTITY`) are not read',
      '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]><trace-query-result/>',
    ],
    [
      'line 3: "&b;" stands for no character'.replaceAll('"', ''),
      '<trace-query-result>\n<node>\n&b;</node></trace-query-result>',
    ],
    ['line 1: &#0; stands for no character', '<trace-query-result><node a="&#0;"/></trace-query-result>'],
    ['line 1: &#xd800; stands for no character', '<trace-query-result><node>&#xd800;</node></trace-query-result>'],
    ['line 1: & stands for no character', '<trace-query-result><node>a & b</node></trace-query-result>'],
    ['line 2: </row> where <node> is open', '<trace-query-result>\n<node></row>'],
    ['line 1: the attribute a is there twice', '<trace-query-result a="1" a="2"/>'],
    ['line 1: this is no attribute: b', '<trace-query-result a="1" b/>'],
    ['line 1: this is no tag: <1', '<trace-query-result><1></trace-query-result>'],
    ['line 1: <b> stands behind the end of the document', '<trace-query-result/><b/>'],
    ['line 1: </b> closes nothing', '<trace-query-result/></b>'],
    ['line 2: there is text outside of the document', '<trace-query-result/>\nx'],
    ['line 1: this tag does not end', `<trace-query-result a="${'x'.repeat(2_000_000)}`],
  ])('%s', async (message, text) => {
    for (const size of [undefined, 5]) {
      if (size !== undefined && text.length > 10_000) continue;
      expect(await refusal(readInput(inputOf(text, 'x', size), { format: xctrace }))).toBe(`x: ${message}`);
    }
  });

  test('comments, instructions and CDATA are read over, in pieces of any size', async () => {
    const text = SMALL.replace('<row>', '<!-- <row> -- > --><?php ?><row>')
      .replace('>132<', '><![CDATA[13]]>2<')
      .replace("'//table[11]'", '"a > b \'"');
    const whole = await readText(text);
    expect(whole.threads[0]!.tid).toBe(132);
    for (let size = 1; size < 12; size++) expect(await readInput(inputOf(text, 'x', size))).toEqual(whole);
  });

  test('elements nested 200,000 deep', async () => {
    const deep = `<trace-query-result>${'<a>'.repeat(200_000)}${'</a>'.repeat(200_000)}</trace-query-result>`;
    expect(await refusal(readText(deep))).toContain('there is no row of a table');
  });
});

test('broken bytes give a profile or one clear line', async () => {
  const bytes = Buffer.from(SMALL);
  const edit = fc.tuple(fc.nat(bytes.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('<>&"/=\'0'))));
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      const broken = Buffer.from(bytes);
      for (const [at, byte] of edits) broken[at] = byte;
      await profileOrError(inputOf(broken, 'x', 50), xctrace);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

describe.skipIf(!existsSync(PEERS))("inferno's recordings give inferno's stacks", () => {
  test.each([['basic'], ['simple_frame_without_binary_info']])('%s', async (name) => {
    const input = inputOf(readFileSync(join(PEERS, `${name}.xml`)), 'x');
    expect(detectFormat(input).id).toBe('xctrace');
    const profile = await readInput(input);
    checkProfile(profile);
    const { strings, frames, stacks, samples } = profile;
    const sums = new Map<string, number>();
    for (let i = 0; i < samples.length; i++) {
      const names: string[] = [];
      for (let at = samples.stack[i]!; at >= 0; at = stacks.parent[at]!)
        names.push(strings[frames.name[stacks.frame[at]!]!]!);
      const key = names.reverse().join(';');
      sums.set(key, (sums.get(key) ?? 0) + samples.values[0]![i]!);
    }
    // inferno leaves the `_` that rustc puts before names that start with an odd character
    const golden = readFileSync(join(PEERS, `results/${name}.folded`), 'utf8')
      .replaceAll('::_{{', '::{{')
      .replaceAll('::_<', '::<');
    expect([...sums].map(([key, sum]) => `${key} ${sum}`).sort()).toEqual(golden.trimEnd().split('\n').sort());
    expect(totalWeight(profile)).toBe(totalWeight(profile, 0) * 1e6);
  });
});

test('numbers by id are found again, whatever their order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(fc.nat(200), fc.nat()), { selector: ([id]) => id }), (pairs) => {
      const numbers = new NumbersById();
      for (const [id, value] of pairs) numbers.set(id, value);
      for (const [id, value] of pairs) expect(numbers.get(id)).toBe(value);
      expect(numbers.get(201)).toBeUndefined();
    }),
  );
});
