import { RESULT_FORMATS, readResults } from '../../src/bench/import/registry.ts';
import { openRecording } from '../../src/console/recording.ts';
import { readTaskDetails } from '../../src/console/tokio/details-message.ts';
import { Program } from '../../src/console/tokio/program.ts';
import { readUpdate } from '../../src/console/tokio/update-message.ts';
import { UserError } from '../../src/errors.ts';
import { parseBudget } from '../../src/history/budget-expression.ts';
import { parseDataJs } from '../../src/history/data-js.ts';
import { readHistory } from '../../src/history/json-lines.ts';
import { loadReaders, readLoadResult } from '../../src/load/readers/registry.ts';
import type { LoadResult } from '../../src/load/result.ts';
import { loadJsonText } from '../../src/render/load/load-json.ts';
import { loadSvg } from '../../src/render/load/load-svg.ts';
import { blocking, resource, snapshot, task } from '../console/snapshots.ts';
import { EPOCH } from '../console/tokio/message-writer.ts';
import { hasRecording, recordedDetails, recordedUpdates } from '../console/tokio/recording.ts';
import type { OverwrittenFile } from './overwritten-file.ts';
import { smallFiles, someOf } from './seeds.ts';
import { checkFinite, type FuzzTarget, readOrRefused } from './target.ts';
import { checkXml } from './well-formed.ts';

const text = (bytes: Buffer): string => bytes.toString('utf8');

/** Every reader of what other load tools and benchmark harnesses print, by what they take as theirs. */
function toolTargets(): FuzzTarget[] {
  const load = smallFiles('load').filter(({ name }) => !name.endsWith('.err'));
  const bench = smallFiles().filter(({ name }) => /bench|hyperfine|criterion|gbench/.test(name));
  const loads = loadReaders.map((reader) => ({
    id: `load:${reader.id}`,
    seeds: load.flatMap(({ bytes }) => (reader.detect(text(bytes)) ? [bytes] : [])),
    run: (bytes: Buffer) =>
      readOrRefused(() => {
        const content = text(bytes);
        if (bytes.length % 8 === 0) readLoad(content);
        else if (reader.detect(content)) checkLoad(reader.read(content, 'x'));
        else throw new UserError('not its own');
      }),
  }));
  const benches = RESULT_FORMATS.map(({ id }) => ({
    id: `bench:${id}`,
    seeds: bench.flatMap(({ bytes, name }) => (takes(id, text(bytes), name) ? [bytes] : [])),
    run: (bytes: Buffer) =>
      readOrRefused(() => {
        // To ask every format takes longer than to read
        const { benchmarks } = readResults(text(bytes), 'x', bytes.length % 8 === 0 ? undefined : id);
        for (const { name, ...numbers } of benchmarks) checkFinite(numbers, 'benchmark');
      }),
  }));
  return [...loads, ...benches];
}

function takes(id: string, content: string, name: string): boolean {
  try {
    return readResults(content, name).format === id;
  } catch {
    return false;
  }
}

/** What is shown of a load as well: that takes longer than to read. */
function readLoad(content: string): void {
  const result = readLoadResult(content, 'x');
  // As the command has it: what has no histogram is not drawn
  if (result.latency.histogram !== undefined) checkXml([...loadSvg(result)].join(''));
  JSON.parse(loadJsonText({ result, verdicts: [], notes: [] }));
  checkLoad(result);
}

function checkLoad(result: LoadResult): void {
  checkFinite({ ...result, latency: undefined, corrected: undefined, windows: undefined }, 'result');
}

const RESULT = { name: 'parse', unit: 'ns', better: 'smaller', value: 120.5, low: 118, high: 123 };
const ENTRY = {
  version: 1,
  time: '2026-01-02T03:04:05.000Z',
  suite: 'main',
  commit: { id: 'a1b2c3', time: '2026-01-02T03:00:00Z', subject: 'Faster', branch: 'main', dirty: false },
  machine: 'x64 8',
  tools: { node: 'v20.1.0' },
  results: [RESULT, { ...RESULT, name: '__proto__', better: 'bigger' }],
};
const BENCH = { name: 'parse', value: 120, unit: 'ns/iter', range: '± 3' };
const DATA_JS = `window.BENCHMARK_DATA = ${JSON.stringify({
  lastUpdate: 1700000000000,
  repoUrl: 'https://example.org/a',
  entries: { main: [{ commit: { id: 'a1', message: 'm' }, date: 1, tool: 'cargo', benches: [BENCH] }] },
})}`;
const BUDGETS = [
  'bench.parse.median < 1us',
  'bench.*.median < +5% of baseline',
  "frame('JSON.parse').total < 20%",
  'load.p(99) <= 50ms',
  'stat["page-faults"] < +10 of previous',
  'bench./a.*b/.mean < 3 ms',
];
const CONSOLE = ['{"format":"pforge-prof-console","version":1}']
  .concat(
    [0, 1].map((i) =>
      JSON.stringify(
        snapshot({
          time: i,
          tasks: [task({ id: '1' })],
          resources: [resource({ id: '2' })],
          blocking: [blocking({ id: '3' })],
        }),
      ),
    ),
  )
  .join('\n');

/** Readers of our own files and of programs that are watched; those of files get them through one that is overwritten. */
export function resultTargets(file: OverwrittenFile): FuzzTarget[] {
  const targets: FuzzTarget[] = [
    ...toolTargets(),
    {
      id: 'history:jsonl',
      seeds: [Buffer.from(`${JSON.stringify(ENTRY)}\n${JSON.stringify({ ...ENTRY, suite: 'b' })}\n`)],
      run: (bytes) =>
        readOrRefused(() => {
          for (const { results } of readHistory(file.of(bytes)).entries) {
            // Unknown members stay as they are
            for (const { value, low, high } of results) checkFinite([value, low, high], 'result');
          }
        }),
    },
    {
      id: 'history:data-js',
      seeds: [Buffer.from(DATA_JS)],
      run: (bytes) => readOrRefused(() => parseDataJs(text(bytes), 'data.js')),
    },
    {
      id: 'check:budget',
      seeds: BUDGETS.map((budget) => Buffer.from(budget)),
      run: (bytes) => readOrRefused(() => parseBudget(text(bytes))),
    },
    {
      id: 'console:recording',
      seeds: [Buffer.from(`${CONSOLE}\n`)],
      run: (bytes) =>
        readOrRefused(() => {
          const recording = openRecording(file.of(bytes));
          try {
            for (let i = 0; i < recording.length; i++) recording.at(i);
          } finally {
            recording.close();
          }
        }),
    },
    ...(hasRecording ? tokioTargets() : []),
  ];
  return targets.map((target) => ({ ...target, seeds: someOf(target.seeds) }));
}

function tokioTargets(): FuzzTarget[] {
  return [
    {
      id: 'console:tokio-update',
      seeds: recordedUpdates().filter(({ length }) => length < 20_000),
      run: (bytes) =>
        readOrRefused(() => {
          const program = new Program(EPOCH, { retainFor: 6e9, longPoll: 1e6 });
          program.apply(readUpdate(bytes, EPOCH), true);
          JSON.stringify(program.snapshot('x', 'running', []));
        }),
    },
    {
      id: 'console:tokio-details',
      seeds: [recordedDetails()],
      run: (bytes) => readOrRefused(() => readTaskDetails(bytes)),
    },
  ];
}
