import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodes } from '../other-nodes.ts';
import { example, runCli, workFolder } from './run-cli.ts';

const LOAD = ['--load', '/items', '--load-requests', '200', '-c', '4'];

/** Hunts in one of the examples; its server chooses a free port. */
function hunt(program: string, options: readonly string[] = LOAD, cwd = workFolder()) {
  return runCli(['heap', 'leak', ...options, '--', 'node', example(`leaks/${program}.js`)], {
    cwd,
    env: { PORT: '0', COLUMNS: '120' },
  });
}

/** What each planted leak is called, and the last steps of the way to it. */
const PLANTED = [
  {
    program: 'growing-map',
    verdict: /^1 leak suspected: sessions: Map @\d+ holds more Session after every load\n/,
    way: [
      /\.request +\(anonymous\)\(\) @\d+ .*growing-map\.js:17/,
      /sessions \(variable\) +Map @\d+ {2}<- grows/,
      /\(entry\) +Session @\d+ .*growing-map\.js:8/,
    ],
  },
  {
    program: 'listeners',
    verdict: /^1 leak suspected: change: Array @\d+ holds more refreshPage\(\) after every load\n/,
    way: [
      /configuration \(variable\) +EventEmitter @/,
      /\._events +Object @/,
      /\.change +Array @\d+ {2}<- grows/,
      /\[\d+\] +refreshPage\(\) @\d+ .*listeners\.js:12/,
    ],
  },
  {
    program: 'closures',
    verdict:
      /^1 leak suspected: variable lastAnswer in the scope of \(anonymous\)\(\) @\d+ holds more \{text, describe\} after every load\n/,
    way: [/\.request +\(anonymous\)\(\) @\d+ .*closures\.js:19/, /lastAnswer \(variable\) +Object @\d+ {2}<- grows/],
  },
  {
    program: 'timers',
    verdict: /^1 leak suspected: TimersList @\d+ holds more Timeout for expireVisit\(\) after every load\n/,
    way: [
      /\[60000\] +TimersList @\d+ {2}<- grows/,
      /\._idle(?:Next|Prev) +Timeout @/,
      /\._onTimeout +expireVisit\(\) @\d+ .*timers\.js:8/,
    ],
  },
] as const;

describe('a planted leak is named, with its path', () => {
  test.each(PLANTED)('$program', async ({ program, verdict, way }) => {
    const { code, stdout, stderr, survivors } = await hunt(program, [...LOAD, '--fail-on-growth', '0']);
    expect(stdout).toMatch(verdict);
    expect(stdout).toMatch(
      /\n {3}with each load \+2\d\d, \+2\d\d of them, \+[\d.]+ KiB, \+[\d.]+ KiB: \d+ B a request\n/,
    );
    const lines = stdout.split('\n');
    let at = 0;
    for (const step of way) {
      const found = lines.findIndex((line, i) => i >= at && step.test(line));
      expect(found, `${step} in\n${stdout}`).toBeGreaterThanOrEqual(at);
      at = found;
    }
    expect(stderr).toMatch(/failed: what is suspected grew by [\d.]+ KiB in the last round; 0 B are allowed/);
    expect(code).toBe(1);
    expect(survivors).toEqual([]);
  });
});

describe('on newer versions of node', () => {
  test.each(nodes().slice(1))('%s', async (_version, node) => {
    const { code, stdout } = await runCli(['heap', 'leak', ...LOAD, '--', node, example('leaks/closures.js')], {
      env: { PORT: '0', COLUMNS: '120' },
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^1 leak suspected: variable lastAnswer of the module closures\.js @\d+ holds more \{text, describe\} after every load\n/,
    );
    expect(stdout).toMatch(/lastAnswer \(variable\) +Object @\d+ {2}<- grows/);
  });
});

describe('a server that leaks nothing', () => {
  test('is not accused', async () => {
    const { code, stdout } = await hunt('clean', [
      ...LOAD,
      '--load-requests',
      '400',
      '--fail-on-growth',
      '0',
      '--json',
    ]);
    const verdict = JSON.parse(stdout);
    expect(verdict).toMatchObject({ verdict: 'no leak', suspects: [], suspectedGrowth: 0 });
    expect(verdict.snapshots.length).toBe(3);
    expect(verdict.requests.length).toBe(2);
    expect(code).toBe(0);
  });
});

test('what a server logs is not its leak, though V8 keeps it for whoever is attached', async () => {
  const cwd = workFolder();
  const server = `require('http').createServer((request, response) => {
    console.log(request.method, request.url, { agent: request.headers['user-agent'], at: new Date() });
    response.end();
  }).listen(0, '127.0.0.1')`;
  const { code, stdout } = await runCli(
    ['heap', 'leak', ...LOAD, '--fail-on-growth', '0', '--', 'node', '-e', server],
    {
      cwd,
    },
  );
  expect(stdout).toMatch(/^No leak: nothing grows with every load\n/);
  expect(code).toBe(0);
});

describe('without a load', () => {
  test('an action is done again and again; snapshots are kept, redacted, for their user alone', async () => {
    const cwd = workFolder();
    const program = join(cwd, 'app.js');
    // Leaves one object behind for each file event: the action touches nothing but a file
    writeFileSync(
      program,
      `const fs = require('fs'); class Event { constructor(text) { this.text = text; } }
       const events = []; let last = 0;
       setInterval(() => { const { mtimeMs } = fs.statSync(__filename);
         if (mtimeMs !== last) { last = mtimeMs; events.push(new Event(Buffer.from('c2VjcmV0LXdvcmQ=', 'base64').toString() + events.length)); } }, 20);`,
    );
    const { code, stdout, stderr } = await runCli(
      [
        'heap',
        'leak',
        '--action',
        `touch ${program}`,
        '--rounds',
        '3',
        '--keep',
        'kept',
        '--redact',
        '--allocation-stacks',
        '--',
        'node',
        program,
      ],
      { cwd, env: { COLUMNS: '100' } },
    );
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/leaks? suspected: events: Array @\d+ holds more Event after every action/);
    expect(stdout).toMatch(/with each action \+1, \+1, \+1 of them/);
    expect(stdout).toMatch(/\n {3}allocated by\n {5}\(anonymous\) {2}.*app\.js:3\n/);
    for (const number of [1, 2, 3, 4]) {
      const file = join(cwd, 'kept', `leak-${number}.heapsnapshot`);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'latin1')).not.toContain('secret-word');
    }
    expect(stdout).toMatch(/more ways to it: pforge-prof heap kept\/leak-4\.heapsnapshot --retainers @\d+/);
    const id = /--retainers @(\d+)/.exec(stdout)![1]!;
    const why = await runCli(['heap', 'kept/leak-4.heapsnapshot', '--retainers', `@${id}`], { cwd });
    expect(why.stdout).toMatch(new RegExp(`^Event @${id}.*\\n`));
  });

  test('a program that ends by itself is told of, and one that is no node program', async () => {
    const cwd = workFolder();
    const short = await runCli(
      ['heap', 'leak', '--interval', '20s', '--', 'node', '-e', 'setTimeout(() => {}, 1500)'],
      { cwd },
    );
    expect(short.code).toBe(125);
    expect(short.stderr).toMatch(/error: (the program ended before the last snapshot|process \d+ has ended)/);
    const other = await runCli(['heap', 'leak', '--interval', '1s', '--', 'true'], { cwd });
    expect(other.code).toBe(125);
    expect(other.stderr).toMatch(/error: the program ended before it could be attached to/);
    expect(other.stdout).toBe('');
    expect(existsSync(join(cwd, 'kept'))).toBe(false);
  });
});

test('heap --load samples who allocates in a server under load, and ends it', async () => {
  const cwd = workFolder();
  const words = ['heap', ...LOAD, '--load-requests', '1000', '--sample-interval', '16KiB', '-o', 'x.folded'];
  const { code, stdout, stderr, survivors } = await runCli([...words, '--', 'node', example('leaks/growing-map.js')], {
    cwd,
    env: { PORT: '0' },
  });
  expect(stderr).toMatch(/wrote x\.folded/);
  expect(stdout).toMatch(/^listening on http:/);
  expect(readFileSync(join(cwd, 'x.folded'), 'utf8')).toMatch(/parserOnIncoming/);
  expect(code).toBe(0);
  expect(survivors).toEqual([]);
});

test('Ctrl-C gives up: the program ends, and nothing is left', async () => {
  const cwd = workFolder();
  const { code, stdout, survivors } = await runCli(
    ['heap', 'leak', '--interval', '60s', '--', 'node', example('leaks/clean.js')],
    {
      cwd,
      env: { PORT: '0', TMPDIR: cwd },
      signals: [{ after: { stderr: 'warming up' }, signal: 'SIGINT', to: 'leader' }],
    },
  );
  expect(code).toBe(130);
  expect(stdout).toBe('');
  expect(survivors).toEqual([]);
  expect(readdirSync(cwd)).toEqual([]);
});

describe('usage', () => {
  test.each([
    [['heap', 'leak'], /heap leak needs a program/],
    [['heap', 'leak', 'x.heapsnapshot', '--', 'node', 'x.js'], /heap leak reads no files \(x\.heapsnapshot\)/],
    [
      ['heap', 'leak', '--load', '/', '--action', 'true', '--', 'node', 'x.js'],
      /give only one of: --load, --action, --interval/,
    ],
    [['heap', 'leak', '--redact', '--', 'node', 'x.js'], /--redact is for snapshots that are kept; add --keep/],
    [['heap', 'leak', '-o', 'x.svg', '--', 'node', 'x.js'], /the verdict cannot be written as svg; text and json can/],
    [['heap', '--rounds', '3', '--', 'node', 'x.js'], /--rounds is for leaks/],
    [
      ['heap', '--load', '/', '--snapshot', '--', 'node', 'x.js'],
      /--load is for sampling a program, and for heap leak/,
    ],
    [['heap', '--load', '/', 'x.heapsnapshot'], /--load is for sampling a program, and for heap leak/],
    [['heap', 'leak', '--load', '/', '--pid', '1'], /--load needs the server as a program/],
    [['heap', 'leak', '--strings', '--', 'node', 'x.js'], /--strings is a view of one snapshot/],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await runCli(words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n').length).toBe(1);
  });
});
