import { expect, test } from 'vitest';
import { byOffCpu } from '../../src/profile/off-cpu.ts';
import { OFF_CPU } from '../../src/profile/waiting.ts';
import { profileOf } from './profile-of.ts';

test('where no thread waited there is nothing to show of that; where it was not recorded, that is said', () => {
  const busy = profileOf`
    main;parse 30
    main;render 70
  `;
  expect(() => byOffCpu(busy)).toThrow(/^--off-cpu: the recording does not hold how long threads waited$/);
  const awake = {
    ...busy,
    valueTypes: [...busy.valueTypes, { type: OFF_CPU, unit: 'nanoseconds' }],
    samples: { ...busy.samples, values: [...busy.samples.values, new Float64Array(busy.samples.length)] },
  };
  expect(() => byOffCpu(awake)).toThrow(/^no thread waited/);
});
