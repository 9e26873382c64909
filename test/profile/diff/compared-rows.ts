import { type Changes, type Comparison, VERDICTS } from '../../../src/profile/diff/comparison.ts';
import { isSignificant } from '../../../src/profile/diff/significant.ts';
import { frameLabel } from '../../../src/profile/frame-label.ts';

/** `main;parse`, for every stack of the union. */
export function pathsOf({ profile }: Comparison): string[] {
  const paths: string[] = [];
  for (let i = 0; i < profile.stacks.length; i++) {
    const label = frameLabel(profile, profile.stacks.frame[i]!);
    const parent = profile.stacks.parent[i]!;
    paths.push(parent < 0 ? label : `${paths[parent]};${label}`);
  }
  return paths;
}

function functionsOf({ profile, functions }: Comparison): string[] {
  return Array.from(functions.frame, (frame) => frameLabel(profile, frame));
}

function rowAt(changes: Changes, at: number) {
  return {
    before: changes.before[at]!,
    after: changes.after[at]!,
    delta: changes.delta[at]!,
    low: changes.low[at]!,
    high: changes.high[at]!,
    p: changes.p[at]!,
    verdict: VERDICTS[changes.verdict[at]!]!,
  };
}

export function pathRow(comparison: Comparison, path: string) {
  return rowAt(comparison.paths, pathsOf(comparison).indexOf(path));
}

export function functionRow(comparison: Comparison, name: string) {
  const at = functionsOf(comparison).indexOf(name);
  const { selfBefore, selfAfter } = comparison.functions;
  return { ...rowAt(comparison.functions, at), selfBefore: selfBefore[at]!, selfAfter: selfAfter[at]! };
}

/** `main;parse grew`, for each path that changed significantly, sorted. */
export function significantPaths(comparison: Comparison): string[] {
  const { verdict } = comparison.paths;
  return pathsOf(comparison)
    .map((path, i) => ({ path, verdict: verdict[i]! }))
    .filter((row) => isSignificant(row.verdict))
    .map((row) => `${row.path} ${VERDICTS[row.verdict]}`)
    .sort();
}

/** The same of functions. */
export function significantFunctions(comparison: Comparison): string[] {
  const { verdict } = comparison.functions;
  return functionsOf(comparison)
    .map((name, i) => ({ name, verdict: verdict[i]! }))
    .filter((row) => isSignificant(row.verdict))
    .map((row) => `${row.name} ${VERDICTS[row.verdict]}`)
    .sort();
}
