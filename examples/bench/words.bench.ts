// pforge-prof bench examples/bench
// pforge-prof bench examples/bench --against main
import { bench, blackBox, group } from 'pforge-prof/bench';
import { countWords } from './words.ts';

/** A text of so many words, of which many are alike. */
const textOf = (words: number): string => Array.from({ length: words }, (_, i) => `word${(i * 31) % 97}`).join(' ');

group('words', () => {
  // One benchmark for each parameter; `before` runs once in each process, and what it makes is handed to the function
  bench('count', { params: [10, 100, 1000], before: textOf, throughput: (words) => ({ elements: words }) }, (text) =>
    countWords(text),
  );

  // `setup` makes new input for each iteration, outside of what is measured: sorting a sorted list is another task
  bench(
    'sort',
    { before: () => textOf(100).split(' '), setup: (words) => [...words], throughput: { elements: 100 } },
    (words) => words.sort(),
  );

  // What an iteration returns is kept, so that it cannot be left out; blackBox hides constants from the compiler
  bench('longest', () => Math.max(...blackBox(['a', 'bcd', 'ef']).map((word) => word.length)));

  bench('awaited', async () => countWords(await Promise.resolve('a b c')));
});
