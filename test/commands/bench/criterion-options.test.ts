import { Command } from 'commander';
import { expect, test } from 'vitest';
import {
  addCriterionOptions,
  analysisConfig,
  baselineOptions,
  type CriterionOptions,
  samplingConfig,
} from '../../../src/commands/bench/criterion-options.ts';

function parsed(...words: string[]): CriterionOptions {
  const command = addCriterionOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return command.parse(words, { from: 'user' }).opts();
}

test('nothing given is what Criterion does: 100 samples, 3 s and 5 s, 100,000 resamples, saved as base', () => {
  const options = parsed();
  expect(samplingConfig(options)).toEqual({ mode: 'Auto', sampleSize: 100, warmUpTime: 3e9, measurementTime: 5e9 });
  expect(analysisConfig(options)).toMatchObject({
    resamples: 100_000,
    noiseThreshold: 0.01,
    confidenceLevel: 0.95,
    significanceLevel: 0.05,
  });
  expect(baselineOptions(options)).toEqual({ use: { kind: 'save', name: 'base' } });
});

test('all options reach the analysis and the plan', () => {
  const options = parsed(
    ...'--sample-size 20 --warm-up-time 0.5 --measurement-time 2 --nresamples 5000'.split(' '),
    ...'--noise-threshold 0.02 --confidence-level 0.9 --significance-level 0.01'.split(' '),
  );
  expect(samplingConfig(options)).toEqual({ mode: 'Auto', sampleSize: 20, warmUpTime: 5e8, measurementTime: 2e9 });
  expect(analysisConfig(options)).toMatchObject({
    resamples: 5000,
    noiseThreshold: 0.02,
    confidenceLevel: 0.9,
    significanceLevel: 0.01,
  });
});

test.each([
  ['--save-baseline main', { use: { kind: 'save', name: 'main' } }],
  ['-s main', { use: { kind: 'save', name: 'main' } }],
  ['--baseline main', { use: { kind: 'compare', name: 'main', strict: true } }],
  ['-b main', { use: { kind: 'compare', name: 'main', strict: true } }],
  ['--baseline-lenient main', { use: { kind: 'compare', name: 'main', strict: false } }],
  ['--load-baseline new --baseline main', { use: { kind: 'compare', name: 'main', strict: true }, load: 'new' }],
  ['--discard-baseline', { use: { kind: 'discard' } }],
])('%s', (words, expected) => {
  expect(baselineOptions(parsed(...words.split(' ')))).toEqual(expected);
});

test.each([
  ['--save-baseline a --baseline b', 'give only one of: --save-baseline, --baseline'],
  ['--baseline a --baseline-lenient b', 'give only one of: --baseline, --baseline-lenient'],
  ['--discard-baseline --baseline a', 'give only one of: --baseline, --discard-baseline'],
  ['--load-baseline a', '--load-baseline needs --baseline: what to compare it with'],
  ['--save-baseline ../x', "a baseline cannot be called '../x'"],
  ['--save-baseline .hidden', "a baseline cannot be called '.hidden'"],
  ['--save-baseline new', "a baseline cannot be called 'new': Criterion's tree uses that folder itself"],
  ['--save-baseline change', "a baseline cannot be called 'change': Criterion's tree uses that folder itself"],
  ['--baseline a/b', "a baseline cannot be called 'a/b'"],
])('%s is refused', (words, message) => {
  expect(() => baselineOptions(parsed(...words.split(' ')))).toThrow(message);
});

test('quick takes no sample size', () => {
  expect(() => samplingConfig(parsed('--quick', '--sample-size', '20'))).toThrow(
    'give only one of: --quick, --sample-size',
  );
});

test.each([
  ['--sample-size', '9'],
  ['--sample-size', '10.5'],
  ['--nresamples', '1'],
  ['--confidence-level', '1'],
  ['--confidence-level', '95%'],
  ['--significance-level', '0'],
  ['--warm-up-time', '0'],
  ['--measurement-time', 'long'],
  ['--noise-threshold', '-1'],
  ['--output-format', 'pretty'],
])('%s %s is refused', (name, value) => {
  expect(() => parsed(name, value)).toThrow(name);
});
