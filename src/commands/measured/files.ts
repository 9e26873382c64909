import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { readError, UserError } from '../../errors.ts';
import { type Budget, pathPattern } from '../../history/budget-expression.ts';
import type { Quantity, Subject } from '../../history/measurements.ts';

const STATS = ['size', 'gzip', 'brotli'] as const;
type Stat = (typeof STATS)[number];

/** As zlib's constants have it, which are nothing that can be called when it is wanted. */
const BROTLI_PARAM_SIZE_HINT = 5;

/**
 * The files that budgets of bundles are about: `file('dist/*.js')` each, `files(...)` all together. `*` stands for a part of a
 * name, `**` for any folders.
 * @param folder from which names are
 */
export function fileSubjects(budgets: readonly Budget[], folder: string): Subject[] {
  const subjects = new Map<string, Subject>();
  let all: readonly string[] | undefined;
  for (const { subject, name, text } of budgets) {
    if (subject !== 'file' && subject !== 'files') continue;
    if (name === undefined) {
      throw new UserError(`budget '${text}': which files?`, { hint: `write ${subject}('dist/*.js').size` });
    }
    let found: readonly string[];
    if (name.kind === 'text') found = isFile(join(folder, name.text)) ? [name.text] : [];
    else {
      all ??= filesBelow(folder);
      const pattern = name.kind === 'regexp' ? name.pattern : pathPattern(name.text);
      found = all.filter((file) => pattern.test(file));
    }
    if (subject === 'file') {
      for (const file of found) subjects.set(`file ${file}`, sizes('file', file, [join(folder, file)]));
    } else if (found.length > 0) {
      const called = name.kind === 'regexp' ? String(name.pattern) : name.text;
      const paths = found.map((file) => join(folder, file));
      subjects.set(`files ${called}`, sizes('files', called, paths));
    }
  }
  return [...subjects.values()];
}

function sizes(kind: 'file' | 'files', name: string, paths: readonly string[]): Subject {
  const known = new Map<string, Quantity>();
  return {
    kind,
    name,
    ...(kind === 'file' ? { place: { file: name } } : {}),
    stats: STATS,
    quantity(stat, share) {
      if (share || !(STATS as readonly string[]).includes(stat)) return undefined;
      let quantity = known.get(stat);
      if (quantity === undefined) {
        const value = paths.reduce((sum, path) => sum + sizeOf(path, stat as Stat), 0);
        quantity = { value, unit: 'bytes', better: 'smaller' };
        known.set(stat, quantity);
      }
      return quantity;
    },
    keptName: (stat) => `${name} ${stat}`,
  };
}

function sizeOf(path: string, stat: Stat): number {
  try {
    if (stat === 'size') return statSync(path).size;
    const bytes = readFileSync(path);
    // As servers send what they have compressed beforehand
    return stat === 'gzip'
      ? gzipSync(bytes, { level: 9 }).length
      : brotliCompressSync(bytes, { params: { [BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
  } catch (error) {
    throw readError(path, error);
  }
}

/** Folders in which nobody's bundles are. */
const SKIPPED = new Set(['node_modules', '.git']);

function filesBelow(folder: string): string[] {
  const files: string[] = [];
  const todo = [folder];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) todo.push(path);
      else if (entry.isFile()) files.push(relative(folder, path));
    }
  }
  return files.sort();
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
