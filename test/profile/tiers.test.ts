import { expect, test } from 'vitest';
import { fold } from '../../src/profile/fold.ts';
import { TIERS } from '../../src/profile/profile.ts';
import { mergeTiers } from '../../src/profile/tiers.ts';
import { linesOf, profileOf } from './profile-of.ts';

test('the tiers of one function become one frame', () => {
  const profile = profileOf`
    main;work /app/a.js:1:2 {app,interpreted};read 1
    main;work /app/a.js:1:2 {app,optimized};read 2
    main;work /app/a.js:1:2 {app};read 4
    main;work /app/a.js:9:2 {app,optimized} 8
  `;
  expect(fold(profile).samples.length).toBe(4);
  const merged = mergeTiers(profile);
  expect(linesOf(fold(merged))).toEqual(['main;work /app/a.js:1:2;read 7', 'main;work /app/a.js:9:2 8']);
  expect(merged.samples.length).toBe(4);
  expect(Array.from(merged.frames.tier, (tier) => TIERS[tier])).toEqual(['none', 'none', 'none', 'none']);
});

test('functions that differ in module or kind stay two', () => {
  const merged = mergeTiers(profileOf`
    f{jit,baseline,module=a} 1
    f{jit,optimized,module=b} 1
    f{app,optimized,module=b} 1
  `);
  expect(merged.frames.length).toBe(3);
});
