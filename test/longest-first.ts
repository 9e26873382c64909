import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files whose tests take minutes, however short they are to read. */
const LONG = [
  'docs/run-examples',
  'profile/diff/truth',
  'faults/faults',
  'fuzz/fuzz',
  'e2e/bench-against',
  'bench/criterion/recorded-estimates',
];

/** Starts what takes longest first, so that it does not end alone, on one core; then goes by size, as vitest does. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
