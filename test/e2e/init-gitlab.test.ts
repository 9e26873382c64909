import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCli, workFolder } from './run-cli.ts';

function project(...files: string[]): string {
  const cwd = workFolder();
  execFileSync('git', ['-C', cwd, 'init', '-q', '-b', 'trunk']);
  for (const name of files) writeFileSync(join(cwd, name), '');
  return cwd;
}

/** The part of GitLab's published schema (editor/schema/ci.json) that ours can meet. */
const text = { type: 'string' };
const lines = { type: 'array', items: text, minItems: 1 };
const job = {
  type: 'object',
  properties: {
    extends: text,
    image: text,
    interruptible: { type: 'boolean' },
    timeout: text,
    resource_group: text,
    variables: { type: 'object', additionalProperties: { type: ['string', 'number'] } },
    before_script: lines,
    script: lines,
    rules: {
      type: 'array',
      items: { type: 'object', required: ['if'], properties: { if: text }, additionalProperties: false },
    },
    cache: {
      type: 'object',
      properties: { key: text, paths: lines, when: { enum: ['on_success', 'on_failure', 'always'] } },
      additionalProperties: false,
    },
    artifacts: {
      type: 'object',
      properties: {
        when: { enum: ['on_success', 'on_failure', 'always'] },
        paths: lines,
        reports: { type: 'object', properties: { junit: text, metrics: text }, additionalProperties: false },
      },
      additionalProperties: false,
    },
  },
  additionalProperties: false,
};
const schema = { type: 'object', additionalProperties: job };

interface Job {
  readonly extends?: string;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
}

describe.each([
  ['npm', ['package-lock.json'], ['npm ci'], 'npx'],
  ['no lock file', [], ['npm install'], 'npx'],
  ['pnpm', ['pnpm-lock.yaml'], ['corepack enable', 'pnpm install --frozen-lockfile'], 'pnpm exec'],
  ['yarn', ['yarn.lock'], ['corepack enable', 'yarn install --frozen-lockfile'], 'yarn'],
])('a pipeline for %s', (_name, files, before, runner) => {
  test('is valid: its schema, what jobs extend, and the scripts that they run', async () => {
    const cwd = project(...files);
    expect((await runCli(['init', 'gitlab'], { cwd })).stderr).toContain('wrote .gitlab-ci.yml');
    const pipeline = parse(readFileSync(join(cwd, '.gitlab-ci.yml'), 'utf8')) as Readonly<Record<string, Job>>;
    const validate = new Ajv({ strict: false }).compile(schema);
    validate(pipeline);
    expect(validate.errors).toBeNull();
    expect(pipeline['.benchmarks']!.before_script).toEqual(before);
    const jobs = Object.entries(pipeline).filter(([name]) => !name.startsWith('.'));
    expect(jobs.map(([name]) => name)).toEqual(['benchmarks of a merge request', 'benchmarks']);
    for (const [, { extends: base, script }] of jobs) {
      expect(Object.keys(pipeline)).toContain(base);
      expect(spawnSync('bash', ['-n', '-c', script!.join('\n')]).status).toBe(0);
      expect(script![0]).toMatch(new RegExp(`^${runner} pforge-prof bench .*--json > benchmarks\\.json$`));
    }
  });
});

test('the script of the main branch keeps the history also where a budget is not kept, and fails', async () => {
  const cwd = project('package-lock.json');
  await runCli(['init', 'gitlab'], { cwd });
  const { script } = parse(readFileSync(join(cwd, '.gitlab-ci.yml'), 'utf8')).benchmarks as { script: string[] };
  const wordsOf = (line: string): string[] =>
    [...line.replace(/ \|\| .*$/, '').matchAll(/'([^']*)'|(\S+)/g)]
      .map(([, quoted, plain]) => quoted ?? plain!)
      .slice(2);
  const check = script.find((line) => line.includes(' check '))!;
  const track = script.find((line) => line.includes(' track '))!;
  const env = { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' };
  const results = (value: number) => {
    const interval = { confidence_level: 0.95, lower_bound: value - 1, upper_bound: value + 1 };
    return JSON.stringify([
      { name: 'parse', unit: 'ns', estimates: { median: { point_estimate: value, confidence_interval: interval } } },
    ]);
  };
  for (const value of [100, 101, 100, 99, 100]) {
    writeFileSync(join(cwd, 'benchmarks.json'), results(value));
    expect((await runCli(wordsOf(check), { cwd, env })).code).toBe(0);
    expect((await runCli(wordsOf(track), { cwd, env })).code).toBe(0);
  }
  writeFileSync(join(cwd, 'benchmarks.json'), results(150));
  expect((await runCli(wordsOf(check), { cwd, env })).code).toBe(1);
  for (const name of ['junit.xml', 'metrics.txt', '.pforge-prof/history.jsonl']) {
    expect(existsSync(join(cwd, name)), name).toBe(true);
  }
  // What bash makes of the lines: the exit code of the check, after the results were kept
  const lines = script.map((line) => line.replace(/^npx pforge-prof (\w+).*?(?=$| \|\|)/, 'run $1'));
  const shell = ['run() { echo $1; test $1 != check; }', 'set -e', ...lines].join('\n');
  const ended = spawnSync('bash', ['-c', shell], { encoding: 'utf8' });
  expect([ended.status, ended.stdout]).toEqual([1, 'bench\ncheck\ntrack\n']);
});
