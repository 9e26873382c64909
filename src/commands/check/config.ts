import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { runnable } from '../../bench/files/bundle.ts';
import { readError, UserError } from '../../errors.ts';
import { type Budget, parseBudget } from '../../history/budget-expression.ts';
import type { SourcePlace } from '../../history/check-report.ts';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';
import { runTool } from '../../processes/run-tool.ts';

/** A budget, and what its file says beside it. */
export interface PlacedBudget {
  readonly budget: Budget;
  /** Where an annotation stands that is about it. */
  readonly place?: SourcePlace;
  /** It is told where it is not kept, and lets the build pass. */
  readonly isWarning: boolean;
  /** Nothing to judge is no failure: a function that takes no time has no samples. */
  readonly isOptional: boolean;
}

/** What `pforge-prof.config.*` says of budgets. */
export interface CheckConfig {
  /** As messages name it. */
  readonly file: string;
  /** In which names of files are meant. */
  readonly folder: string;
  readonly budgets: readonly PlacedBudget[];
  /** Results that are checked where none are named. */
  readonly results: readonly string[];
  readonly baseline: readonly string[];
}

const NAMES = ['json', 'js', 'mjs', 'ts'].map((extension) => `pforge-prof.config.${extension}`);
/** A file that has not said within this time what it exports never will. */
const CONFIG_MILLISECONDS = 30_000;
const MEMBERS = ['budgets', 'results', 'baseline', '$schema'];
const BUDGET_MEMBERS = ['budget', 'warning', 'optional', 'place'];

/**
 * Reads the file of budgets.
 * @param asked its name. Default: `pforge-prof.config.{json,js,mjs,ts}` in the folder, or in one above it up to `top`
 * @returns undefined where there is none and none was asked for
 * @throws {UserError} it is broken: where
 */
export async function readCheckConfig(
  asked: string | undefined,
  folder: string,
  top: string,
): Promise<CheckConfig | undefined> {
  const path = asked === undefined ? findConfig(folder, top) : resolve(folder, asked);
  if (path === undefined) return undefined;
  const file = relative(folder, path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw readError(asked ?? file, error);
  }
  const value = path.endsWith('.json') ? parsed(text, file) : await loaded(path, file, folder);
  return checked(value, text, file, dirname(path), relative(top, path));
}

function findConfig(folder: string, top: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = NAMES.map((name) => join(at, name)).find((path) => existsSync(path));
    if (found !== undefined || at === top || at === dirname(at)) return found;
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Runs it in a process of its own, in which it may do whatever it likes; what it exports must be plain data. */
async function loaded(path: string, file: string, cwd: string): Promise<unknown> {
  const folder = await makePrivateDir();
  try {
    const url = await runnable(path, { folder, number: 0, cwd });
    const result = join(folder, 'config.json');
    const script = `const { default: value } = await import(${JSON.stringify(url)});
      const made = typeof value === 'function' ? await value() : value;
      (await import('node:fs')).writeFileSync(${JSON.stringify(result)}, JSON.stringify(made) ?? '');`;
    const words = ['--input-type=module', '--enable-source-maps', '--eval', script];
    const { code, stderr } = await runTool(process.execPath, words, CONFIG_MILLISECONDS);
    if (code !== 0 || !existsSync(result)) throw new UserError(`${file}: ${mistakeIn(stderr)}`);
    const text = readFileSync(result, 'utf8');
    if (text === '') throw new UserError(`${file} exports nothing`, { hint: 'export default { budgets: [...] }' });
    return JSON.parse(text);
  } finally {
    await removePrivateDir(folder);
  }
}

/** The line that tells most of what node prints of an error. */
function mistakeIn(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => line !== '') ?? 'it did not end';
}

function checked(value: unknown, text: string, file: string, folder: string, shown: string): CheckConfig {
  const members = objectOf(value, file, MEMBERS);
  const list = (name: string): readonly string[] => {
    const given = members[name] ?? [];
    const all = typeof given === 'string' ? [given] : given;
    if (Array.isArray(all) && all.every((one) => typeof one === 'string')) return all;
    throw new UserError(`${file}: ${name} must be names of files`);
  };
  const { budgets = [] } = members;
  if (!Array.isArray(budgets)) throw new UserError(`${file}: budgets must be a list`);
  return {
    file,
    folder,
    budgets: budgets.map((one: unknown, i) => budgetOf(one, `${file}: budgets[${i}]`, text, shown)),
    results: list('results').map((path) => (path === '-' ? path : resolve(folder, path))),
    baseline: list('baseline').map((path) => resolve(folder, path)),
  };
}

function budgetOf(value: unknown, where: string, text: string, file: string): PlacedBudget {
  const plain = typeof value === 'string' ? { budget: value } : objectOf(value, where, BUDGET_MEMBERS);
  const { budget, warning = false, optional = false, place } = plain as Record<string, unknown>;
  if (typeof budget !== 'string')
    throw new UserError(`${where} has no budget`, { hint: '{ "budget": "load.p(99) < 50ms" }' });
  if (typeof warning !== 'boolean' || typeof optional !== 'boolean') {
    throw new UserError(`${where}: warning and optional are true or false`);
  }
  if (place !== undefined && typeof place !== 'string')
    throw new UserError(`${where}: place must be FILE or FILE:LINE`);
  let read: Budget;
  try {
    read = parseBudget(budget);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${where}: ${error.message}`, { ...(error.hint === undefined ? {} : { hint: error.hint }) });
  }
  return {
    budget: read,
    place: place === undefined ? placeIn(text, budget, file) : placeOf(place),
    isWarning: warning,
    isOptional: optional,
  };
}

/** The line of the file on which the budget is written, where it is written there as it is. */
function placeIn(text: string, budget: string, file: string): SourcePlace {
  const at = [budget, JSON.stringify(budget).slice(1, -1)]
    .map((form) => text.indexOf(form))
    .find((found) => found >= 0);
  return at === undefined ? { file } : { file, line: text.slice(0, at).split('\n').length };
}

function placeOf(text: string): SourcePlace {
  const [, file = text, line] = /^(.*?):(\d+)$/.exec(text) ?? [];
  return { file, ...(line === undefined ? {} : { line: Number(line) }) };
}

/** A misspelt member would guard nothing. */
function objectOf(value: unknown, where: string, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UserError(`${where} must be an object`);
  }
  const odd = Object.keys(value).find((name) => !known.includes(name));
  if (odd === undefined) return value as Record<string, unknown>;
  throw new UserError(`${where}: '${odd}' is not known`, { hint: `known are ${known.join(', ')}` });
}
