// Gives broken, odd and hostile inputs to pforge-prof, and those that it reads to FlameGraph's scripts, and prints who passes:
//   node scripts/bad-inputs.mjs [--flamegraph FOLDER]
// To pass is a result that is well-formed, or a refusal of at most three lines with an exit code and no stack trace and
// nothing at the output's path; nothing may take 20 s. Inputs that are good must be drawn.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const { values } = parseArgs({ options: { flamegraph: { type: 'string' } } });
const LIMIT = 20_000;
const XSS = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"onload="alert(3)']]>&amp;`;
const WORDS = ['__proto__', 'constructor', 'toString', 'valueOf'];

const inputs = [];
const add = (kind, name, content, isGood = false) => inputs.push({ kind, name, content: Buffer.from(content), isGood });

/** A sample as `perf script` prints it. */
function sample(stack = ['leaf', 'mid', 'main'], { comm = 'app', time = 1, period = '250000' } = {}) {
  const frames = stack.map((name, i) => `\t    ${(4096 + i).toString(16)} ${name}+0x1 (/bin/app)\n`);
  return `${comm} 10 ${time.toFixed(6)}:     ${period} cpu-clock:\n${frames.join('')}\n`;
}
const perf = Array.from({ length: 50 }, (_, i) => sample([`leaf${i % 3}`, 'mid', 'main'], { time: 1 + i / 100 })).join(
  '',
);
const perfInputs = {
  empty: '',
  blank: '\n \n\n',
  bytes: Uint8Array.from({ length: 65536 }, (_, i) => (i * 7919 + (i >> 3)) & 255),
  'utf-16': Buffer.concat([Buffer.from([255, 254]), Buffer.from(perf, 'utf16le')]),
  'no-utf-8': Buffer.from(perf.replaceAll('mid', 'm\xff\xc3(d'), 'latin1'),
  nul: perf.replaceAll('mid', 'm\0d'),
  escapes: perf.replaceAll('mid', '\x1b[2J\x1b]0;x\x07mid'),
  markup: perf.replaceAll('mid', XSS),
  prototypes: WORDS.map((word) => sample([word, 'main'])).join(''),
  'prototype-comms': WORDS.map((comm) => sample(undefined, { comm })).join(''),
  deep: sample(Array.from({ length: 100_000 }, (_, i) => `f${i % 7}`)),
  'long-name': sample(['x'.repeat(5e6), 'main']),
  cut: perf.slice(0, perf.length / 2 - 17),
  'no-samples': '# ========\n# captured on    : Mon\n# cmdline : perf record x\n# ========\n#\n',
  'time-back': Array.from({ length: 20 }, (_, i) => sample(undefined, { time: 5 - i / 10 })).join(''),
  'odd-comms': ['a b c', '12345 67', 'x:y [000]', ' '].map((comm) => sample(undefined, { comm })).join(''),
  'no-stacks': 'app 10 1.000000: 1 cpu-clock: \n\n'.repeat(5),
  'huge-period': perf.replaceAll('250000', '18446744073709551615'),
  brackets: perf.replaceAll('mid', 'a(((((('.repeat(5000)),
  'one-line': `${'x'.repeat(1000)}\n`,
  'perf-data': Buffer.concat([Buffer.from('PERFILE2'), Buffer.alloc(200)]),
};
for (const [name, content] of Object.entries(perfInputs)) add('perf script', name, content);
const perfGood = {
  good: perf,
  bom: `\ufeff${perf}`,
  crlf: perf.replaceAll('\n', '\r\n'),
  semicolon: perf.replaceAll('mid', 'a;b'),
};
for (const [name, content] of Object.entries(perfGood)) add('perf script', name, content, true);

const foldedInputs = {
  negative: 'main;a -5\nmain;b 10\n',
  fractions: 'main;a 1.5\nmain;b 1e3\n',
  huge: 'main;a 9007199254740993\nmain;b 18446744073709551615\n',
  'no-number': 'main;a NaN\nmain;b Infinity\n',
  'no-count': 'main;a\nmain;b\n',
  empty: '',
  zero: 'main;a 0\nmain;b 0\n',
  'empty-frames': ';;;a;; 5\n',
  markup: `main;${XSS.replaceAll(';', '')};x 10\nmain;a&b<c> 5\n`,
  prototypes: 'main;__proto__;x 5\nmain;constructor;prototype 5\n',
  deep: `${Array.from({ length: 100_000 }, (_, i) => `f${i % 5}`).join(';')} 5\n`,
  controls: Buffer.from('main;a\0b;\x01\x02\x0b;\x1b[31m;\xff\xfe 5\n', 'latin1'),
  'long-line': `m;${'y'.repeat(20e6)} 5\n`,
  'many-roots': Array.from({ length: 200_000 }, (_, i) => `r${i} 1\n`).join(''),
};
for (const [name, content] of Object.entries(foldedInputs)) add('folded', name, content);
add('folded', 'good', 'main;a;b 10\nmain;a;c 20\n', true);
add('folded', 'crlf', 'main;a 5\r\nmain;b 7\r\n', true);
add('folded', 'gzip-bomb', gzipSync(Buffer.alloc(100e6, 'main;a 1\n')));

const frame = (functionName) => ({ functionName, scriptId: '1', url: 'file:///a.js', lineNumber: 1, columnNumber: 1 });
const node = (id, name, children) => ({ id, callFrame: frame(name), ...(children ? { children } : {}) });
const cpu = (nodes, samples, timeDeltas) => JSON.stringify({ nodes, startTime: 0, endTime: 1000, samples, timeDeltas });
const TREE = [node(1, '(root)', [2]), node(2, 'main', [3]), node(3, 'leaf')];
const goodCpu = cpu(TREE, [2, 3, 3], [1, 2, 3]);
const chain = Array.from({ length: 1e5 }, (_, i) => node(i + 1, i ? 'f' : '(root)', i < 99_999 ? [i + 2] : undefined));
const cpuInputs = {
  empty: '',
  cut: goodCpu.slice(0, 200),
  null: 'null',
  array: '[]',
  number: '42',
  text: '"x"',
  cycle: cpu([node(1, '(root)', [2]), node(2, 'a', [3]), node(3, 'b', [2])], [3, 2], [1, 1]),
  'own-child': cpu([node(1, '(root)', [1])], [1], [1]),
  'no-node': cpu(TREE, [2, 99, 3], [1, 2, 3]),
  'same-id': cpu([...TREE, node(3, 'again')], [2, 3], [1, 2]),
  'no-child': cpu([node(1, '(root)', [2, 77]), node(2, 'm')], [2], [1]),
  'negative-times': cpu(TREE, [2, 3, 2, 3], [5, -3, 4, -100]),
  'no-samples': cpu(TREE, [], []),
  'short-times': cpu(TREE, [2, 3, 3, 3], [1]),
  nulls: '{"nodes":null,"samples":null,"timeDeltas":null}',
  'no-call-frames': cpu([{ id: 1 }, { id: 2 }], [1], [1]),
  'no-names': cpu([{ id: 1, callFrame: {} }], [1], [1]),
  prototypes: goodCpu.replace('{', '{"__proto__":{"polluted":1},').replace('main', '__proto__'),
  deep: cpu(chain, [100_000], [1]),
  'huge-times': cpu(TREE, [2, 3], [1e308, 1e308]),
  'deep-json': '['.repeat(2e5) + ']'.repeat(2e5),
  'text-ids': cpu([{ id: '1', callFrame: frame('(root)'), children: ['2'] }, node('2', 'x')], ['2'], [1]),
  'utf-16': Buffer.concat([Buffer.from([255, 254]), Buffer.from(goodCpu, 'utf16le')]),
  markup: goodCpu.replace('main', XSS.replaceAll('"', '\\"')),
  'no-root': cpu([], [1], [1]),
  'a-page': '<!doctype html><html>404 Not found</html>',
  'cut-gzip': gzipSync(goodCpu).subarray(0, 60),
};
for (const [name, content] of Object.entries(cpuInputs)) add('cpuprofile', name, content);
add('cpuprofile', 'good', goodCpu, true);
add('cpuprofile', 'bom', `\ufeff${goodCpu}`, true);

const svg = (body, head = '') => `<?xml version="1.0"?>${head}<svg xmlns="http://www.w3.org/2000/svg">${body}</svg>`;
const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('');
add('SVG', 'entities', svg('<title>&a9;</title>', `<!DOCTYPE s [<!ENTITY a0 "lol">${lol}]>`));
add('SVG', 'outside-entity', svg('<title>&x;</title>', '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'));
add('SVG', 'cut', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><g><title>a (5 sam');
add('SVG', 'another-picture', svg('<circle r="3"/>'));
add('SVG', 'script', svg('<script>alert(2)</script><g onclick="alert(1)"><title>f (5 samples, 50%)</title></g>'));
add('SVG', 'nested', `<svg>${'<g>'.repeat(1e5)}${'</g>'.repeat(1e5)}</svg>`);

const moment = (n, time, bytes, tree) =>
  `#-----------\nsnapshot=${n}\n#-----------\ntime=${time}\nmem_heap_B=${bytes}\nmem_heap_extra_B=8\nmem_stacks_B=0\nheap_tree=${tree}\n`;
const massifHead = 'desc: (none)\ncmd: ./a\ntime_unit: i\n';
const leaf =
  'n1: 1000 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.\n n0: 1000 0x109156: f (a.c:3)\n';
const massif = `${massifHead}${moment(0, 0, 0, 'empty')}${moment(1, 100, 1000, 'detailed')}${leaf}`;
const levels = Array.from({ length: 4999 }, (_, i) => `${' '.repeat(i + 1)}n1: 1000 0x${i}: f${i} (a.c:3)\n`).join('');
const massifInputs = {
  empty: '',
  'head-only': massifHead,
  cut: massif.slice(0, -30),
  'no-number': massif.replaceAll('=1000', '=abc'),
  negative: massif.replaceAll('=1000', '=-5'),
  children: massif.replace('n1: 1000', 'n9: 1000'),
  'time-back': massif.replace('time=0', 'time=900'),
  huge: massif.replaceAll('1000', '99999999999999999999'),
  escapes: massif.replace('f (a.c', '\x1b[2J\x1b]0;x\x07f (a.c'),
  deep: `${massif.split(' n0:')[0]}${levels}${' '.repeat(5000)}n0: 1000 0x1: z (a.c:1)\n`,
};
for (const [name, content] of Object.entries(massifInputs)) add('massif', name, content);
add('massif', 'good', massif, true);
add('massif', 'crlf', massif.replaceAll('\n', '\r\n'), true);
add('massif', 'no-command', massif.replace('cmd: ./a', 'cmd: '), true);

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-bad-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const input = join(folder, 'input');
const output = join(folder, 'output.svg');

function ours() {
  const args = ['bin/pforge-prof.js', 'flame', input, '-o', output];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: LIMIT });
  return { status, stderr, made: existsSync(output) ? readFileSync(output) : undefined };
}

/** What a user of the scripts would have: each reads the one before; an output is where the shell put it. */
function flameGraph(kind) {
  const run = (script, stdin) =>
    spawnSync('perl', [join(values.flamegraph, script)], { input: stdin, timeout: LIMIT, maxBuffer: 1e9 });
  let stdin = readFileSync(input);
  let said = '';
  if (kind === 'perf script') {
    const collapsed = run('stackcollapse-perf.pl', stdin);
    said = String(collapsed.stderr);
    if (collapsed.status !== 0) return { status: collapsed.status, stderr: said, made: undefined };
    stdin = collapsed.stdout;
  }
  const { status, stderr, stdout } = run('flamegraph.pl', stdin);
  return { status, stderr: said + stderr, made: stdout.length > 0 ? stdout : undefined };
}

/** By expat, which is no code of ours. */
const EXPAT = 'import sys,xml.parsers.expat as e; e.ParserCreate().Parse(sys.stdin.buffer.read(), True)';

function isWellFormed(bytes) {
  return spawnSync('python3', ['-c', EXPAT], { input: bytes, timeout: 60_000 }).status === 0;
}

function verdict({ status, stderr, made }, isGood) {
  if (status === null) return 'hangs';
  if (/^\s+at .*:\d+|Traceback|internal error|panicked/m.test(stderr)) return 'a stack trace';
  if (status === 0) return made !== undefined && isWellFormed(made) ? 'pass' : 'no valid picture';
  if (isGood) return 'refused a good one';
  if (made !== undefined) return 'an output beside the error';
  const lines = stderr.trim().split('\n');
  return lines.length <= 3 && lines[0] !== '' ? 'pass' : 'no clear line';
}

const tools = new Map([['pforge-prof', ours]]);
if (values.flamegraph !== undefined && existsSync(join(values.flamegraph, 'flamegraph.pl')))
  tools.set('FlameGraph', flameGraph);
const table = new Map();
for (const { kind, name, content, isGood } of inputs) {
  writeFileSync(input, content);
  for (const [tool, run] of tools) {
    // The scripts read neither gzip nor other formats
    if (tool !== 'pforge-prof' && (!['perf script', 'folded'].includes(kind) || name.startsWith('gzip'))) continue;
    rmSync(output, { force: true });
    const how = verdict(run(kind), isGood);
    const cell = `${tool}\t${kind}`;
    const seen = table.get(cell) ?? { passed: 0, all: 0 };
    table.set(cell, { passed: seen.passed + (how === 'pass' ? 1 : 0), all: seen.all + 1 });
    if (how !== 'pass') console.log(`${tool}: ${kind}/${name}: ${how}`);
  }
}
for (const [cell, { passed, all }] of table) console.log(`${cell}\t${passed}/${all}`);
