// Broken, odd and hostile recordings of five kinds, and a few good ones among them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const XSS = `</script><script>alert(1)</script><img src=x onerror=alert(2)>" onload="alert(3)']]>&amp;`;
const WORDS = ['__proto__', 'constructor', 'toString', 'valueOf'];
const NOISE = Uint8Array.from({ length: 65536 }, (_, i) => (i * 7919 + (i >> 3)) & 255);
const utf16 = (text) => Buffer.concat([Buffer.from([255, 254]), Buffer.from(text, 'utf16le')]);

/** Kinds by the extensions of files. */
const KINDS = new Map([
  ['perf', 'perf script'],
  ['folded', 'folded'],
  ['cpuprofile', 'cpuprofile'],
  ['gz', 'cpuprofile'],
  ['svg', 'SVG'],
  ['massif', 'massif'],
]);

/**
 * What has to be read, and what is damaged: to draw it without a word is to hide that. All others may be drawn or refused, as
 * whoever reads them sees fit.
 */
const GOOD = 'p00 p05 p06 p19 f00 f14 c00 c23 m00 m07 m08';
const DAMAGED =
  'p01 p02 p03 p15 p17 p22 p24 p25 f01 f03 f04 f05 f06 f07 c01 c02 c03 c04 c05 c06 c07 c08 c09 c10 c11 c12 c13 c14 c15 c16 ' +
  'c20 c21 c22 c26 c27 c28 s01 s02 s03 s04 s06 m01 m02 m03 m04 m05 m06 m09 m10 m12 m13';
const classes = new Map();
for (const number of GOOD.split(' ')) classes.set(number, 'good');
for (const number of DAMAGED.split(' ')) classes.set(number, 'damaged');

/** A sample as `perf script` prints it. */
function sample(stack = ['leaf', 'mid', 'main'], { comm = 'app', time = 1 } = {}) {
  const frames = stack.map((name, i) => `\t    ${(4096 + i).toString(16)} ${name}+0x1 (/bin/app)\n`);
  return `${comm} 10 ${time.toFixed(6)}:     250000 cpu-clock:\n${frames.join('')}\n`;
}

function perfScripts() {
  const good = Array.from({ length: 50 }, (_, i) =>
    sample([`leaf${i % 3}`, 'mid', 'main'], { time: 1 + i / 100 }),
  ).join('');
  return {
    'p00_good.perf': good,
    'p01_empty.perf': '',
    'p02_blank.perf': '\n \n\n',
    'p03_random.perf': NOISE,
    'p04_utf16.perf': utf16(good),
    'p05_bom.perf': `\ufeff${good}`,
    'p06_crlf.perf': good.replaceAll('\n', '\r\n'),
    'p07_invutf8.perf': Buffer.from(good.replaceAll('mid', 'm\xff\xc3(d'), 'latin1'),
    'p08_nul.perf': good.replaceAll('mid', 'm\0d'),
    'p09_ansi.perf': good.replaceAll('mid', '\x1b[2J\x1b]0;x\x07mid'),
    'p10_xss.perf': good.replaceAll('mid', XSS),
    'p11_proto.perf': WORDS.map((word) => sample([word, 'main'])).join(''),
    'p12_protocomm.perf': WORDS.map((comm) => sample(undefined, { comm })).join(''),
    'p13_deep.perf': sample(Array.from({ length: 100_000 }, (_, i) => `f${i % 7}`)),
    'p14_longname.perf': sample(['x'.repeat(5e6), 'main']),
    'p15_trunc.perf': good.slice(0, good.length / 2 - 17),
    'p16_concat.perf': `${good}# ========\n# captured on: x\n# ========\n#\n${good}`,
    'p17_nosamples.perf': '# ========\n# captured on    : Mon\n# cmdline : perf record x\n# ========\n#\n',
    'p18_timeback.perf': Array.from({ length: 20 }, (_, i) => sample(undefined, { time: 5 - i / 10 })).join(''),
    'p19_semicolon.perf': good.replaceAll('mid', 'ns::a;b;c'),
    'p20_commspace.perf': ['a b c', '12345 67', 'x:y [000]', ' '].map((comm) => sample(undefined, { comm })).join(''),
    'p21_nostack.perf': 'app 10 1.000000: 1 cpu-clock: \n\n'.repeat(5),
    'p22_hugecount.perf': good.replaceAll('250000', '18446744073709551615'),
    'p23_bracketopen.perf': good.replaceAll('mid', 'a(((((('.repeat(5000)),
    'p24_manylines.perf': `${'x'.repeat(1000)}\n`,
    'p25_perfdata.perf': Buffer.concat([Buffer.from('PERFILE2'), Buffer.alloc(200)]),
  };
}

const foldedStacks = () => ({
  'f00_good.folded': 'main;a;b 10\nmain;a;c 20\n',
  'f01_neg.folded': 'main;a -5\nmain;b 10\n',
  'f02_float.folded': 'main;a 1.5\nmain;b 1e3\n',
  'f03_huge.folded': 'main;a 9007199254740993\nmain;b 18446744073709551615\n',
  'f04_nan.folded': 'main;a NaN\nmain;b Infinity\n',
  'f05_nocount.folded': 'main;a\nmain;b\n',
  'f06_empty.folded': '',
  'f07_zero.folded': 'main;a 0\nmain;b 0\n',
  'f08_emptyframe.folded': ';;;a;; 5\n',
  'f09_xss.folded': `main;${XSS.replaceAll(';', '')};x 10\nmain;a&b<c>\\ 5\n`,
  'f10_proto.folded': 'main;__proto__;x 5\nmain;constructor;prototype 5\n',
  'f11_deep.folded': `${Array.from({ length: 100_000 }, (_, i) => `f${i % 5}`).join(';')} 5\n`,
  'f12_ctrl.folded': Buffer.from('main;a\0b;\x01\x02\x0b;\x1b[31m;\xff\xfe 5\n', 'latin1'),
  'f13_longline.folded': `m;${'y'.repeat(20e6)} 5\n`,
  'f14_crlf.folded': 'main;a 5\r\nmain;b 7\r\n',
  'f15_manyroots.folded': Array.from({ length: 200_000 }, (_, i) => `r${i} 1\n`).join(''),
});

function cpuProfiles() {
  const frame = (functionName) => ({
    functionName,
    scriptId: '1',
    url: 'file:///a.js',
    lineNumber: 1,
    columnNumber: 1,
  });
  const node = (id, name, children) => ({ id, callFrame: frame(name), ...(children ? { children } : {}) });
  const cpu = (nodes, samples, timeDeltas) =>
    JSON.stringify({ nodes, startTime: 0, endTime: 1000, samples, timeDeltas });
  const tree = [node(1, '(root)', [2]), node(2, 'main', [3]), node(3, 'leaf')];
  const good = cpu(tree, [2, 3, 3], [1, 2, 3]);
  const deep = Array.from({ length: 1e5 }, (_, i) => node(i + 1, i ? 'f' : '(root)', i < 99_999 ? [i + 2] : undefined));
  return {
    'c00_good.cpuprofile': good,
    'c01_empty.cpuprofile': '',
    'c02_trunc.cpuprofile': good.slice(0, 200),
    'c03_null.cpuprofile': 'null',
    'c04_array.cpuprofile': '[]',
    'c05_number.cpuprofile': '42',
    'c06_string.cpuprofile': '"x"',
    'c07_cycle.cpuprofile': cpu([node(1, '(root)', [2]), node(2, 'a', [3]), node(3, 'b', [2])], [3, 2], [1, 1]),
    'c08_selfchild.cpuprofile': cpu([node(1, '(root)', [1])], [1], [1]),
    'c09_missingnode.cpuprofile': cpu(tree, [2, 99, 3], [1, 2, 3]),
    'c10_dupid.cpuprofile': cpu([...tree, node(3, 'again')], [2, 3], [1, 2]),
    'c11_missingchild.cpuprofile': cpu([node(1, '(root)', [2, 77]), node(2, 'm')], [2], [1]),
    'c12_negdt.cpuprofile': cpu(tree, [2, 3, 2, 3], [5, -3, 4, -100]),
    'c13_nosamples.cpuprofile': cpu(tree, [], []),
    'c14_shortdt.cpuprofile': cpu(tree, [2, 3, 3, 3], [1]),
    'c15_nullnodes.cpuprofile': '{"nodes":null,"samples":null,"timeDeltas":null}',
    'c16_nocallframe.cpuprofile': cpu([{ id: 1 }, { id: 2 }], [1], [1]),
    'c17_nonames.cpuprofile': cpu([{ id: 1, callFrame: {} }], [1], [1]),
    'c18_proto.cpuprofile': good.replace('{', '{"__proto__":{"polluted":1},').replace('main', '__proto__'),
    'c19_deep.cpuprofile': cpu(deep, [100_000, 100_000, 100_000], [1, 1, 1]),
    'c20_hugenum.cpuprofile': cpu(tree, [2, 3], [1e308, 1e308]).replace(
      '"startTime":0',
      '"startTime":9007199254740993',
    ),
    'c21_jsondeep.cpuprofile': '['.repeat(2e5) + ']'.repeat(2e5),
    'c22_strids.cpuprofile': cpu([{ ...node('1', '(root)'), children: ['2'] }, node('2', 'x')], ['2'], [1]),
    'c23_bom.cpuprofile': `\ufeff${good}`,
    'c24_utf16.cpuprofile': utf16(good),
    'c25_xss.cpuprofile': good.replace('main', JSON.stringify(XSS).slice(1, -1)),
    'c26_noroot.cpuprofile': cpu([], [1], [1]),
    'c27_html.cpuprofile': '<!doctype html><html>404 Not found</html>',
    'c28_gztrunc.cpuprofile.gz': gzipSync(good).subarray(0, 60),
    'g01_bomb.gz': gzipSync(Buffer.alloc(100e6, 'main;a 1\n')),
  };
}

function pictures() {
  const svg = (body, head = '') => `<?xml version="1.0"?>${head}<svg xmlns="http://www.w3.org/2000/svg">${body}</svg>`;
  const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('');
  return {
    's00_ok.svg': svg('<g><title>a (5 samples, 50%)</title><rect/></g>'),
    's01_lol.svg': svg('<title>&a9;</title>', `<!DOCTYPE s [<!ENTITY a0 "lol">${lol}]>`),
    's02_xxe.svg': svg('<title>&x;</title>', '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    's03_trunc.svg': '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><g><title>a (5 sam',
    's04_notflame.svg': svg('<circle r="3"/>'),
    's05_script.svg': svg('<script>alert(2)</script><g onclick="alert(1)"><title>f (5 samples, 50%)</title></g>'),
    's06_nested.svg': `<svg>${'<g>'.repeat(1e5)}${'</g>'.repeat(1e5)}</svg>`,
  };
}

function massifFiles() {
  const moment = (n, time, bytes, extra, tree) =>
    `#-----------\nsnapshot=${n}\n#-----------\ntime=${time}\nmem_heap_B=${bytes}\nmem_heap_extra_B=${extra}\nmem_stacks_B=0\nheap_tree=${tree}\n`;
  const head = 'desc: (none)\ncmd: ./a\ntime_unit: i\n';
  const top = 'n1: 1000 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.\n';
  const start = `${head}${moment(0, 0, 0, 0, 'empty')}${moment(1, 100, 1000, 8, 'detailed')}${top}`;
  const good = `${start} n0: 1000 0x109156: f (a.c:3)\n`;
  const levels = Array.from({ length: 4999 }, (_, i) => `${' '.repeat(i + 1)}n1: 1000 0x${i}: f${i} (a.c:3)\n`).join(
    '',
  );
  return {
    'm00_good.massif': good,
    'm01_empty.massif': '',
    'm02_headeronly.massif': head,
    'm03_trunc.massif': good.slice(0, -30),
    'm04_badnum.massif': good.replaceAll('=1000', '=abc'),
    'm05_neg.massif': good.replaceAll('=1000', '=-5'),
    'm06_childcount.massif': good.replace('n1: 1000', 'n9: 1000'),
    'm07_crlf.massif': good.replaceAll('\n', '\r\n'),
    'm08_emptycmd.massif': good.replace('cmd: ./a', 'cmd: '),
    'm09_timeback.massif': good.replace('time=0', 'time=900'),
    'm10_hugenum.massif': good.replaceAll('1000', '99999999999999999999'),
    'm11_ansi.massif': good.replace('f (a.c', '\x1b[2J\x1b]0;x\x07f (a.c'),
    'm12_nosnap.massif': good.split('#---')[0],
    'm13_random.massif': NOISE.subarray(0, 20_000),
    'm14_deep.massif': `${start}${levels}${' '.repeat(5000)}n0: 1000 0x1: z (a.c:1)\n`,
  };
}

/**
 * @param {string} [folder] of files named as those here, instead of ours
 * @returns {{ name: string, kind: string, class: 'good' | 'damaged' | 'odd', content: Uint8Array }[]}
 */
export function badInputs(folder) {
  const files =
    folder === undefined
      ? Object.entries({ ...perfScripts(), ...foldedStacks(), ...cpuProfiles(), ...pictures(), ...massifFiles() })
      : readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);
  return files.flatMap(([name, content]) => {
    const kind = KINDS.get(name.split('.').at(-1));
    return kind === undefined
      ? []
      : [{ name, kind, class: classes.get(name.slice(0, 3)) ?? 'odd', content: Buffer.from(content) }];
  });
}
