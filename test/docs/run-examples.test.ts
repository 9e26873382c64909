import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root, workFolder } from '../e2e/run-cli.ts';
import { type Example, examplesOfPages } from './examples.ts';
import { makeStage } from './stage.ts';

/** What cannot be run as it stands, with the reason, or the test that does it. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^pforge-prof view /, 'serves until Ctrl-C: test/e2e/view.test.ts'],
  [/^ssh /, 'needs another machine'],
  [/cargo bench/, 'needs cargo and a crate: test/e2e/bench-cargo.test.ts'],
  [/difffolded\.pl/, "needs Brendan Gregg's script: test/formats/difffolded.test.ts"],
  [/^perf script/, 'reads ./perf.data of that moment: test/e2e/flame-perf.test.ts'],
  [/--snapshot-near-limit/, 'fills a heap: test/e2e/heap-snapshots.test.ts'],
  [/--snapshot-every 30/, 'takes half a minute: test/e2e/heap-snapshots.test.ts'],
  [/^pforge-prof flame --collector v8$/, 'the head of a column: test/e2e/flame-v8.test.ts'],
  [/--signal /, 'waits for a signal: test/e2e/heap-snapshots.test.ts'],
  [/ --tokio /, 'needs a program with console-subscriber: test/console/tokio/program.test.ts'],
  [/postgres:/, 'needs a server: test/history/stores.test.ts'],
  [/^pforge-prof (?:flame|diff) .*clickhouse:/, 'needs a server: test/fleet/clickhouse.test.ts'],
  [/dashboard .*--serve|dashboard .*--open/, 'serves until Ctrl-C: test/e2e/dashboard.test.ts'],
];

/** The same command, over sooner: what a person would wait for is not what is tested. */
const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/ -d (?:\d+)\b/, ' -d 0.5'],
  [
    /^pforge-prof (heap|record|perf-stat|flame)((?!.* -- )(?=.*(?:--pid|-p) 4711)(?!.* -d )(?!.*--snapshot(?!-)).*)$/,
    'pforge-prof $1 -d 0.5$2',
  ],
  [/^pforge-prof perf-stat$/, 'pforge-prof perf-stat -d 0.3'],
  [/ -d \d+s\b/, ' -d 0.5s'],
  [/^pforge-prof load(?= (?!diff|import))(?!.* -d )/, 'pforge-prof load -d 0.5s'],
  [/^pforge-prof heap leak(?!.*--load-requests)/, 'pforge-prof heap leak --load-requests 300'],
  [/^pforge-prof heap leak/, 'pforge-prof heap leak --rounds 3'],
  [/(heap leak .*-- node) server\.js/, '$1 examples/leaks/growing-map.js'],
  [/bench(?= --against)/, 'bench --max-pairs 5'],
  // Its results beside those that the other examples of the page read
  [/^pforge-prof bench --criterion$/, 'CRITERION_HOME=other pforge-prof bench --criterion'],
  [/--metric instructions/, '--metric instructions --runs 2'],
  [/--load-requests 3000/, '--load-requests 300'],
  [/ -r 10 --warmup 1| -r 10/, ' -r 3'],
  [/--load 4/, '--load 1'],
  // A screen needs a terminal, and somebody who quits: test/e2e/console-screen.test.ts
  [/ console (?!.*--(?:once|json|flame))/, ' console --once '],
  [/ console (?!.*--for)(?!.*\.console$)/, ' console --for 2s '],
  [/--for \d+s/, '--for 2s'],
  [/( console .*-- node) server\.js/, '$1 examples/async/leaked-interval.js'],
  [/^pforge-prof bench(?= (?:--json|--track))/, 'pforge-prof bench --processes 2'],
  [/^pforge-prof bench (?=--cmd)(?!.*--runs)/, 'pforge-prof bench --runs 3 '],
  [/((?:callgrind|run\.instructions).*-- )\.\/app/, '$1true'],
  // Nothing is sent: test/fleet
  [/ push /, ' push --dry-run '],
  // Steps of a workflow
  [/^- (?:run: )?npx /, ''],
  [/:8080\/|http:\/\/127\.0\.0\.1:8080\/|--load URL/, '/'],
];

/** Gates that a busy machine may fail, and kernels without these events: said so, and no failure of the example. */
const MAY_EXIT: readonly (readonly [RegExp, number])[] = [
  [/--assert/, 1],
  [/--fail-on-regression/, 1],
  [/pforge-prof check/, 1],
  [/--off-cpu|--wall/, 125],
  [/-e page-faults/, 125],
];

/** Machines that have a limit of time run what a newcomer reads first; `npm test` of a person runs all pages. */
const PAGES = process.env.CI ? /^README|how-to/ : /./;

/** Busy for a tenth of a core, as every test beside this one is the slower for it. */
const BUSY = 'setInterval(() => { for (const end = Date.now() + 5; Date.now() < end; ); }, 50)';

const stage = workFolder();

beforeAll(() => makeStage(stage), 120_000);

/** A process to look into; each page has its own, as only one at a time may be at its inspector. */
function startRunning(): ChildProcess {
  // A port of its own: tests beside this one attach to processes, too
  return spawn('node', ['--inspect-port=0', '-e', BUSY], { stdio: 'ignore' });
}

/** Other meanings of a name on one page. */
const OF_PAGE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/massif.md': { 'before.out': 'massif/leak.out', 'after.out': 'massif/leak.out' },
  'docs/dhat.md': { 'before.out': 'dhat/blocks.out', 'after.out': 'dhat/blocks.out' },
};

describe.concurrent('examples run as they stand', () => {
  test.each([...examplesOfPages()].filter(([page, examples]) => examples.length > 0 && PAGES.test(page)))(
    '%s',
    async (page, examples) => {
      const cwd = join(workFolder(), 'work');
      cpSync(stage, cwd, { recursive: true, verbatimSymlinks: true });
      for (const [name, source] of Object.entries(OF_PAGE[page] ?? {}))
        copyFileSync(join(root, 'fixtures', source), join(cwd, name));
      const failed: string[] = [];
      const running = examples.some(({ command }) => command.includes('4711')) ? startRunning() : undefined;
      try {
        for (const example of examples) {
          if (NOT_RUN.some(([pattern]) => pattern.test(example.command))) continue;
          const fault = await run(example, cwd, running?.pid ?? 0);
          if (fault !== undefined) failed.push(fault);
        }
      } finally {
        running?.kill('SIGKILL');
      }
      expect(failed).toEqual([]);
    },
    900_000,
  );
});

/**
 * @param pid of a process that runs
 * @returns what went wrong
 */
async function run({ place, command }: Example, cwd: string, pid: number): Promise<string | undefined> {
  let line = SHORTER.reduce((shorter, [pattern, by]) => shorter.replace(pattern, by), command);
  line = line.replace(/(--pid|-p) 4711/, `$1 ${pid}`);
  if (/^pforge-prof load(?!.*(?: -- |diff|import))/.test(line)) line += ' -- node server.js';
  const env = { ...process.env, PATH: `${join(cwd, 'bin')}:${process.env.PATH}`, NO_COLOR: '1', PORT: '0' };
  const { code, stderr } = await new Promise<{ code: number; stderr: string }>((done) => {
    const child = execFile('bash', ['-c', line], { cwd, env, timeout: 120_000 }, (error, _stdout, text) =>
      done({ code: error === null ? 0 : Number(error.code ?? -1), stderr: text }),
    );
    child.stdin?.end();
  });
  const allowed = MAY_EXIT.some(([pattern, exit]) => pattern.test(line) && exit === code);
  return code === 0 || allowed
    ? undefined
    : `${place}: ${line}: exit code ${code}: ${stderr.trim().split('\n').slice(-3).join(' | ')}`;
}
