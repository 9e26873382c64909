import { VERDICTS } from './comparison.ts';

const significant: ReadonlySet<number> = new Set(
  (['grew', 'shrank', 'new', 'gone'] as const).map((verdict) => VERDICTS.indexOf(verdict)),
);

/** Whether a verdict, an index into `VERDICTS`, says that there is a change. */
export function isSignificant(verdict: number): boolean {
  return significant.has(verdict);
}
