import { DEFAULT_ANALYSIS } from '../../src/bench/criterion/config.ts';
import { analysisOf } from '../../src/bench/import/imported-json.ts';
import { readResults } from '../../src/bench/import/registry.ts';
import { pointsProfile } from '../../src/formats/dhat/points-profile.ts';
import { readDhat } from '../../src/formats/dhat/read-dhat.ts';
import { Notes } from '../../src/formats/format.ts';
import { heapsnapshot } from '../../src/formats/heapsnapshot.ts';
import { inputOf } from '../../src/formats/input.ts';
import { readMassif } from '../../src/formats/massif/read-massif.ts';
import { judged, seriesOf } from '../../src/history/series.ts';
import { loadReaders } from '../../src/load/readers/registry.ts';
import { ERROR_KINDS, noErrors } from '../../src/load/result.ts';
import { ProfileBuilder } from '../../src/profile/builder.ts';
import { compareProfiles } from '../../src/profile/diff/compare.ts';
import { heapDiff } from '../../src/profile/heap-diff.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { benchHtml } from '../../src/render/bench/bench-html.ts';
import { plotFile } from '../../src/render/bench/plot.ts';
import { benchmarkFiles } from '../../src/render/bench/plots.ts';
import { compactSvg } from '../../src/render/compact/compact-svg.ts';
import { seriesChartSvg } from '../../src/render/counters/series-chart-svg.ts';
import { dashboardPage } from '../../src/render/dashboard/dashboard-html.ts';
import { historyBlock } from '../../src/render/dashboard/history-data.ts';
import { diffClassicSvg } from '../../src/render/diff/classic-diff.ts';
import { diffSvg } from '../../src/render/diff/compact-diff.ts';
import { diffHtml } from '../../src/render/diff/html/diff-html.ts';
import { flameSvg } from '../../src/render/flame-svg.ts';
import { chartHtml, heapDiffHtml } from '../../src/render/heap/chart-html.ts';
import { chartSvg } from '../../src/render/heap/chart-svg.ts';
import { heapDiffSvg } from '../../src/render/heap/diff-chart.ts';
import { flameHtml } from '../../src/render/html/flame-html.ts';
import { loadHtml } from '../../src/render/load/load-html.ts';
import { loadSvg } from '../../src/render/load/load-svg.ts';
import { SNAPSHOT } from '../fuzz/format-targets.ts';
import { madeSeeds } from '../fuzz/made-seeds.ts';
import { counterRuns } from '../profile/counters/counter-runs-of.ts';

/** Whatever of these runs calls the canary. */
export const PAYLOADS = [
  '<script>canary(1)</script>',
  '</script><script>canary(2)</script>',
  '<img src=x onerror=canary(3)>',
  '"><svg onload=canary(4)>',
  "' onmouseover='canary(5)",
  '" onload="canary(6)" x="',
  ']]><script>canary(7)</script><![CDATA[',
  '--><script>canary(8)</script><!--',
  '</title><script>canary(9)</script>',
  '</style><script>canary(10)</script>',
  '</text></g></svg><script>canary(11)</script>',
  '<iframe srcdoc="<script>parent.canary(12)</script>">',
  '<a href="javascript:canary(13)">x</a>',
  'javascript:canary(14)',
  '<foreignObject><body onload="canary(15)"/></foreignObject>',
  '<style>*{background:url(https://example.invalid/16)}</style>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a payload
  '${canary(17)}',
  '\\u003cscript\\u003ecanary(18)\\u003c/script\\u003e',
  '&lt;script&gt;canary(19)&lt;/script&gt;',
  "');canary(20);('",
  '\u2028canary(21)\u2029//',
  '<meta http-equiv="refresh" content="0;url=javascript:canary(22)">',
];
const ALL = PAYLOADS.join(' ');

/** Every payload as a name, file, module, thread, note, command, host and tool. */
function hostile(weight: number): Profile {
  const builder = new ProfileBuilder([{ type: ALL, unit: ALL }]);
  PAYLOADS.forEach((name, i) => {
    const words = { name, file: name, module: name, line: i, column: i };
    const stack = builder.stack(builder.stack(-1, builder.frame({ name: 'main' })), builder.frame(words));
    const thread = builder.thread({ pid: i, tid: i, process: name, name });
    builder.sample(stack, [weight + i], i, thread);
  });
  return builder.build({ notes: PAYLOADS, command: PAYLOADS, host: ALL, tool: ALL, format: ALL });
}

const profile = hostile(100);
const look = { title: ALL, subtitle: ALL, search: '<script>', countName: ALL, nameType: ALL, notes: PAYLOADS };
const comparison = compareProfiles([profile], [hostile(1)], { names: { before: ALL, after: ALL } });
const both = { ...look, embed: { before: profile, after: profile } };
const MASSIF = `desc: ${ALL.replace(/\s/g, ' ')}
cmd: ${ALL.replace(/\s/g, ' ')}
time_unit: i
#-----------
snapshot=0
#-----------
time=1
mem_heap_B=1000
mem_heap_extra_B=8
mem_stacks_B=0
heap_tree=peak
n${PAYLOADS.length}: 1000 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.
${PAYLOADS.map((name, i) => ` n0: ${i + 1} 0x${i + 1}: ${name.replace(/\s/g, ' ')} (${name.replace(/\s/g, ' ')}.c:3)\n`).join('')}`;
const heap = async () => (await readMassif(inputOf(MASSIF, ALL), {})).history;
const benchmark = {
  id: { group: ALL, function: ALL, value: ALL, fullId: ALL, title: ALL },
  estimates: { mean: { point: 1, lower: 1, upper: 2, standardError: 0.1, confidenceLevel: 0.95 } },
  unit: ALL,
  warnings: PAYLOADS,
};
/** With samples, so that plots are drawn. */
function* sampled() {
  const text = JSON.stringify(
    PAYLOADS.map((name) => ({ name, unit: 'ns', times: [9, 10, 11, 10, 12], estimates: {} })),
  );
  for (const one of readResults(text, ALL, 'pforge-prof').benchmarks) {
    const analysis = analysisOf(one, { ...DEFAULT_ANALYSIS, resamples: 100 })!;
    yield { id: benchmark.id, analysis, warnings: [ALL] };
  }
}

const DHAT = {
  ...{ dhatFileVersion: 2, mode: 'heap', verb: ALL, bklt: true, bkacc: false, tu: ALL, Mtu: ALL, tuth: 500 },
  ...{
    cmd: ALL,
    pid: 1,
    te: 9,
    tg: 5,
    ftbl: ['[root]', ...PAYLOADS.map((name, i) => `0x${i}: ${name} (${name}.c:5)`)],
  },
  pps: PAYLOADS.map((_, i) => ({ tb: 9, tbk: 1, tl: 3, mb: 9, mbk: 1, gb: 0, gbk: 0, eb: 0, ebk: 0, fs: [i + 1] })),
};
const allocations = async () => pointsProfile(await readDhat(inputOf(JSON.stringify(DHAT), ALL)), PAYLOADS);
const snapshot = () => {
  const file = JSON.parse(SNAPSHOT.toString());
  file.strings = file.strings.map((text: string) => `${text}${ALL}`);
  return heapsnapshot.read(inputOf(JSON.stringify(file), ALL), new Notes());
};

const series = PAYLOADS.map((name) => ({
  name,
  unit: name,
  time: Float64Array.of(1e9, 2e9),
  value: Float64Array.of(10, 20),
}));
const counters = counterRuns(
  { [ALL]: [1, 2] },
  { series, command: PAYLOADS, subject: ALL, notes: PAYLOADS, unit: ALL },
);

const [saved] = madeSeeds().get('load:pforge-prof')!;
const load = {
  ...loadReaders[0]!.read(saved!.toString(), 'x'),
  url: ALL,
  engine: ALL,
  errors: Object.fromEntries(Object.keys(noErrors()).map((kind) => [kind, 3])) as ReturnType<typeof noErrors>,
  examples: new Map(ERROR_KINDS.map((kind) => [kind, ALL])),
  notes: PAYLOADS,
};
const threshold = { text: ALL, metric: ALL, operator: '<', limit: 1 } as never;
const loadReport = {
  result: load,
  server: { pid: 1, program: PAYLOADS, cpuSeconds: 1, rss: 1, maxRss: 2 },
  verdicts: [{ threshold, value: 2, kept: false }],
  notes: PAYLOADS,
};

function history() {
  return PAYLOADS.map((name, i) => {
    const time = new Date(Date.UTC(2026, 0, 1 + i)).toISOString();
    const commit = { id: `${i}${name}`, time, subject: name, branch: name };
    const result = { name: ALL, unit: ALL, better: 'smaller' as const, value: i < 11 ? 100 + (i % 3) : 200 + (i % 3) };
    return { version: 1 as const, time, suite: ALL, commit, machine: ALL, tools: { [ALL]: ALL }, results: [result] };
  });
}
const shown = [{ title: ALL, href: `pictures/${encodeURIComponent(ALL)}.svg` }];
const pictures = {
  ofCommit: new Map(PAYLOADS.map((name, i) => [`${i}${name}`, shown])),
  ofPair: new Map([[`10${PAYLOADS[10]} 11${PAYLOADS[11]}`, shown]]),
};
const changed = async () => heapDiff(await heap(), await heap(), 'largest');
const sides = { before: ALL, after: ALL, title: ALL };

export const TARGETS: readonly (readonly [string, () => Promise<Iterable<string>> | Iterable<string>])[] = [
  ['compact.svg', () => compactSvg.render(profile, look)],
  ['classic.svg', () => flameSvg.render(profile, look)],
  ['flame.html', () => flameHtml.render(profile, look)],
  ['diff.svg', () => diffSvg.render(comparison, both)],
  ['classic-diff.svg', () => diffClassicSvg.render(comparison, both)],
  ['diff.html', () => diffHtml.render(comparison, both)],
  ['massif.svg', async () => chartSvg(await heap(), { title: ALL })],
  ['massif.html', async () => chartHtml(await heap(), { title: ALL })],
  ['massif-diff.svg', async () => heapDiffSvg(await changed(), sides)],
  ['massif-diff.html', async () => heapDiffHtml(await changed(), sides)],
  ['dhat.svg', async () => compactSvg.render(await allocations(), look)],
  ['dhat.html', async () => flameHtml.render(await allocations(), look)],
  ['heapsnapshot.svg', async () => compactSvg.render(await snapshot(), look)],
  ['heapsnapshot.html', async () => flameHtml.render(await snapshot(), look)],
  ['perf-stat.svg', () => seriesChartSvg(counters)],
  ['load.svg', () => loadSvg(load)],
  ['load.html', () => loadHtml(loadReport)],
  ['bench.html', () => benchHtml({ title: ALL, facts: PAYLOADS.map((fact) => [fact, fact]), benchmarks: [benchmark] })],
  ['bench-samples.html', () => benchHtml({ title: ALL, facts: [], benchmarks: [...sampled()] })],
  ['bench-plot.svg', () => plotFile(benchmarkFiles([...sampled()][0]!)[0]!)],
  ['dashboard.html', () => dashboardPage(ALL, historyBlock(ALL, []))],
  [
    'dashboard-data.html',
    () =>
      dashboardPage(
        ALL,
        historyBlock(
          ALL,
          seriesOf(history()).map((one) => judged(one)),
          pictures,
        ),
      ),
  ],
];
