import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root, runCli, workFolder } from './run-cli.ts';

const init = (cwd: string, ...words: string[]) => runCli(['init', ...words], { cwd });
const WORKFLOW = '.github/workflows/benchmarks.yml';

function project(...files: string[]): string {
  const cwd = workFolder();
  execFileSync('git', ['-C', cwd, 'init', '-q', '-b', 'trunk']);
  for (const name of files) writeFileSync(join(cwd, name), '');
  return cwd;
}

/** The part of the published schema of workflows (json.schemastore.org/github-workflow) that ours can meet. */
const text = { type: 'string' };
const condition = { anyOf: [text, { type: 'boolean' }, { type: 'number' }] };
const environment = { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } };
const step = {
  type: 'object',
  properties: {
    id: text,
    name: text,
    if: condition,
    uses: text,
    run: text,
    shell: text,
    with: environment,
    env: environment,
    'working-directory': text,
    'continue-on-error': condition,
    'timeout-minutes': condition,
  },
  oneOf: [{ required: ['uses'] }, { required: ['run'] }],
  additionalProperties: false,
};
const branches = {
  type: ['object', 'null'],
  properties: { branches: { type: 'array', items: text, minItems: 1 } },
  additionalProperties: false,
};
const access = { enum: ['read', 'write', 'none'] };
const schema = {
  type: 'object',
  required: ['on', 'jobs'],
  additionalProperties: false,
  properties: {
    name: text,
    on: {
      type: 'object',
      properties: { push: branches, pull_request: branches },
      additionalProperties: false,
      minProperties: 1,
    },
    permissions: {
      type: 'object',
      properties: { contents: access, 'pull-requests': access },
      additionalProperties: false,
    },
    concurrency: {
      type: 'object',
      required: ['group'],
      properties: { group: text, 'cancel-in-progress': condition },
      additionalProperties: false,
    },
    jobs: {
      type: 'object',
      minProperties: 1,
      patternProperties: {
        '^[_a-zA-Z][a-zA-Z0-9_-]*$': {
          type: 'object',
          required: ['runs-on', 'steps'],
          properties: {
            'runs-on': text,
            'timeout-minutes': { type: 'number' },
            steps: { type: 'array', items: step, minItems: 1 },
          },
          additionalProperties: false,
        },
      },
      additionalProperties: false,
    },
  },
};

/** Inputs of the actions that are used, as their action.yml has them. */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  'actions/checkout@v4': ['fetch-depth', 'ref', 'token', 'persist-credentials', 'path', 'repository'],
  'actions/setup-node@v4': ['node-version', 'cache', 'node-version-file', 'cache-dependency-path', 'registry-url'],
  'actions/cache/restore@v4': [
    'path',
    'key',
    'restore-keys',
    'fail-on-cache-miss',
    'lookup-only',
    'enableCrossOsArchive',
  ],
  'actions/cache/save@v4': ['path', 'key', 'upload-chunk-size', 'enableCrossOsArchive'],
  'actions/github-script@v7': ['script', 'github-token', 'result-encoding', 'retries', 'debug'],
  'actions/upload-artifact@v4': [
    'name',
    'path',
    'if-no-files-found',
    'retention-days',
    'overwrite',
    'compression-level',
  ],
  'pnpm/action-setup@v4': ['version', 'dest', 'run_install', 'package_json_file'],
};

/** Of github-action-benchmark (src/config.ts); `criterion` is not among them. */
const TOOLS = [
  'cargo',
  'go',
  'benchmarkjs',
  'benchmarkluau',
  'pytest',
  'googlecpp',
  'catch2',
  'julia',
  'jmh',
  'benchmarkdotnet',
  'customBiggerIsBetter',
  'customSmallerIsBetter',
];

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

describe('init', () => {
  test('where the folder that it needs is a file', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, '.github'), '');
    const { code, stderr } = await init(cwd, 'github');
    expect(stderr).toMatch(/^pforge-prof: error: cannot make .*\.github\/workflows: ENOTDIR\n$/);
    expect(code).toBe(2);
  });

  test('alone it lists what it can write', async () => {
    const { stdout, code } = await init(workFolder());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^github +\.github\/workflows\/benchmarks\.yml$/m);
    expect(stdout).toMatch(/^gitlab +\.gitlab-ci\.yml$/m);
    expect(stdout).toMatch(/^config +pforge-prof\.config\.json$/m);
  });

  test('overwrites nothing without --force', async () => {
    const cwd = project();
    mkdirSync(join(cwd, 'sub'));
    expect((await init(join(cwd, 'sub'), 'config')).stderr).toContain('wrote ../pforge-prof.config.json');
    writeFileSync(join(cwd, 'pforge-prof.config.json'), 'mine');
    const refused = await init(cwd, 'config');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('pforge-prof.config.json is there already; --force overwrites it');
    expect(readFileSync(join(cwd, 'pforge-prof.config.json'), 'utf8')).toBe('mine');
    expect((await init(cwd, 'config', '--force')).code).toBe(0);
    expect((await init(cwd, 'config')).code).toBe(0);
    expect((await init(cwd, 'nonsense')).stderr).toContain(
      "init knows no 'nonsense'; known are github, gitlab, config",
    );
  });

  test('-o - shows it only', async () => {
    const cwd = project();
    const { stdout } = await init(cwd, 'github', '-o', '-');
    expect(parse(stdout).name).toBe('Benchmarks');
    expect(existsSync(join(cwd, '.github'))).toBe(false);
  });
});

describe.each([
  ['npm', ['package-lock.json'], 'npm ci'],
  ['no lock file', [], 'npm install'],
  ['pnpm', ['pnpm-lock.yaml'], 'pnpm install --frozen-lockfile'],
  ['yarn', ['yarn.lock'], 'yarn install --frozen-lockfile'],
])('a workflow for %s', (_name, files, install) => {
  test('is valid: its schema, the inputs of its actions, its scripts, and the commands that it runs', async () => {
    const cwd = project(...files);
    expect((await init(cwd, 'github')).stderr).toContain(`wrote ${WORKFLOW}`);
    const source = readFileSync(join(cwd, WORKFLOW), 'utf8');
    const workflow = parse(source);
    const validate = new Ajv({ strict: false }).compile(schema);
    validate(workflow);
    expect(validate.errors).toBeNull();
    expect(workflow.on.push.branches).toEqual(['trunk']);
    const steps = workflow.jobs.benchmarks.steps as readonly Step[];
    expect(steps.map(({ run }) => run)).toContain(install);
    for (const { uses, with: inputs = {}, run } of steps) {
      if (uses !== undefined) {
        expect(Object.keys(INPUTS), uses).toContain(uses);
        for (const input of Object.keys(inputs)) expect(INPUTS[uses], `${uses} ${input}`).toContain(input);
        if (typeof inputs.script === 'string') {
          expect(() => new Function(`return async (github, context, require) => {${inputs.script}}`)).not.toThrow();
        }
      }
      if (run !== undefined) {
        expect(spawnSync('bash', ['-n', '-c', run]).status, run).toBe(0);
        // What others name, such as branches, must not get into a script
        expect(run).not.toContain('${{');
      }
    }
    // What a step reads an earlier one has written
    const places = ['bench --against', 'check benchmarks.json', 'track benchmarks.json'].map((words) =>
      steps.findIndex(({ run }) => run?.includes(words)),
    );
    expect(places.every((place, i) => place > (places[i - 1] ?? 0))).toBe(true);
    const comment = steps.find(({ uses }) => uses?.startsWith('actions/github-script'))!;
    expect(comment.if).toContain('head.repo.full_name == github.repository');
  });
});

test('the workflow for github-action-benchmark in docs/ci.md is valid, and its tool is one that the action has', () => {
  const [, source] = /```yaml\n(name: Benchmarks[\s\S]*?)```/.exec(readFileSync(join(root, 'docs/ci.md'), 'utf8'))!;
  const workflow = parse(source!);
  const validate = new Ajv({ strict: false }).compile(schema);
  validate(workflow);
  expect(validate.errors).toBeNull();
  const steps = workflow.jobs.benchmarks.steps as readonly Step[];
  const action = steps.find(({ uses }) => uses?.startsWith('benchmark-action/'))!;
  expect(TOOLS).toContain(action.with!.tool);
  const inputs = ['tool', 'output-file-path', 'github-token', 'auto-push', 'alert-threshold', 'fail-on-alert'];
  expect(Object.keys(action.with!)).toEqual(inputs);
  expect(steps.some(({ run }) => run?.includes(`-o ${action.with!['output-file-path']}`))).toBe(true);
});

test('the script that comments replaces its own comment', async () => {
  const cwd = project();
  await init(cwd, 'github');
  const steps = parse(readFileSync(join(cwd, WORKFLOW), 'utf8')).jobs.benchmarks.steps as readonly Step[];
  const script = String(steps.find(({ uses }) => uses?.startsWith('actions/github-script'))!.with!.script);
  const run = new Function('github', 'context', 'require', `return (async () => {${script}})()`);
  const done: unknown[] = [];
  const body = '<!-- pforge-prof check -->\nnew';
  let comments: { id: number; body: string }[] = [];
  const rest = {
    issues: {
      listComments: 'list',
      createComment: async (words: object) => done.push(['create', words]),
      updateComment: async (words: object) => done.push(['update', words]),
    },
  };
  const call = () =>
    run({ rest, paginate: async () => comments }, { repo: { owner: 'o', repo: 'r' }, issue: { number: 7 } }, () => ({
      readFileSync: () => body,
    }));
  await call();
  comments = [
    { id: 1, body: 'a person' },
    { id: 2, body: '<!-- pforge-prof check -->\nold' },
  ];
  await call();
  expect(done).toEqual([
    ['create', { owner: 'o', repo: 'r', issue_number: 7, body }],
    ['update', { owner: 'o', repo: 'r', comment_id: 2, body }],
  ]);
});

test('the commands of the workflow run: a slower pull request fails, the main branch gets a history', async () => {
  const cwd = project();
  writeFileSync(join(cwd, 'config'), '');
  await init(cwd, 'github');
  const steps = parse(readFileSync(join(cwd, WORKFLOW), 'utf8')).jobs.benchmarks.steps as readonly Step[];
  const wordsOf = (start: string): string[] => {
    const { run } = steps.find((one) => one.run?.includes(start))!;
    // Words of a shell, without the program and what is redirected
    return [...run!.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!).slice(2);
  };
  const estimate = (value: number) => ({
    point_estimate: value,
    confidence_interval: { confidence_level: 0.95, lower_bound: value, upper_bound: value },
  });
  const result = (change: number) =>
    JSON.stringify([
      {
        name: 'parse',
        unit: 'ns',
        estimates: { median: estimate(100) },
        change: { mean: estimate(change), median: estimate(change) },
      },
    ]);
  writeFileSync(join(cwd, 'benchmarks.json'), result(0.2));
  const env = { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' };
  const slower = await runCli(wordsOf("'bench.*.change < 5%'"), { cwd, env });
  expect(slower.code, slower.stderr).toBe(1);
  expect(readFileSync(join(cwd, 'comment.md'), 'utf8')).toContain('20 %');
  writeFileSync(join(cwd, 'benchmarks.json'), result(0.01));
  expect((await runCli(wordsOf("'bench.*.change < 5%'"), { cwd, env })).code).toBe(0);
  // The first run has no history yet
  expect((await runCli(wordsOf('of history'), { cwd, env })).code).toBe(0);
  expect((await runCli(wordsOf('track benchmarks.json'), { cwd, env })).code).toBe(0);
  expect(existsSync(join(cwd, '.pforge-prof/history.jsonl'))).toBe(true);
});
