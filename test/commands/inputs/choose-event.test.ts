import { expect, test } from 'vitest';
import { chooseEvent } from '../../../src/commands/inputs/collapse-options.ts';
import { profileOf } from '../../profile/profile-of.ts';

test('an event that was asked for and never happened, or was not recorded', () => {
  const profile = profileOf`main;parse 30`;
  const { samples, valueTypes } = profile;
  const both = {
    ...profile,
    valueTypes: [...valueTypes, { type: 'page-faults', unit: 'count' }],
    samples: { ...samples, values: [...samples.values, new Float64Array(samples.length)] },
  };
  expect(() => chooseEvent(both, { eventFilter: 'page-faults' })).toThrow(
    /^no sample of page-faults in the recording$/,
  );
  expect(() => chooseEvent(both, { eventFilter: 'cycles' })).toThrow(/^no event cycles in the recording$/);
});
