import { expect, test } from 'vitest';
import { expandFrames } from '../../src/profile/expand-frames.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { deepProfile } from './deep-profile.ts';
import { linesOf, profileOf } from './profile-of.ts';

const nameOf = (profile: Profile, frame: number) => profile.strings[profile.frames.name[frame]!]!;

test('a frame becomes several, another one, or none; others stay', () => {
  const profile = profileOf`
    main;work;read 1
    main;gone;work 2
    gone 4
    8
  `;
  const expanded = expandFrames(profile, (frame) => {
    const name = nameOf(profile, frame);
    if (name === 'gone') return [];
    return name === 'work' ? [{ name: 'work' }, { name: 'inner', kind: 'inlined', file: 'a.c', line: 3 }] : undefined;
  });
  expect(linesOf(expanded)).toEqual(['main;work;inner a.c:3;read 1', 'main;work;inner a.c:3 2', '4', '8']);
});

test('stacks 100,000 deep', () => {
  const deep = deepProfile();
  const expanded = expandFrames(deep, (frame) => (frame === 0 ? [{ name: 'a' }, { name: 'b' }] : undefined));
  expect(expanded.stacks.length).toBeGreaterThan(deep.stacks.length);
});
