import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callTree } from '../../../src/profile/call-tree.ts';
import { layOut, subtreeEnds } from '../../../src/render/html/app/boxes.ts';
import { arbitraryProfile } from '../../profile/arbitrary-profile.ts';
import { profileOf } from '../../profile/profile-of.ts';

const tree = callTree(profileOf`
  main;parse;slice 30
  main;parse 20
  main;resolve 50
`);
const ends = subtreeEnds(tree);

function names(window: { from: number; weight: number }, pixels: number): string[] {
  const boxes = layOut(tree, ends, window, pixels);
  return Array.from(boxes.node, (node, i) => `${node}@${boxes.row[i]} ${boxes.x[i]}+${boxes.width[i]}`);
}

describe('what a window of a call tree shows', () => {
  test('all of it', () => {
    expect(names({ from: 0, weight: 100 }, 200)).toEqual(['0@0 0+200', '1@1 0+100', '2@2 0+60', '3@1 100+100']);
  });

  test('a part: what leads there fills the width, what is beside it is left out', () => {
    expect(names({ from: 0, weight: 50 }, 200)).toEqual(['0@0 0+200', '1@1 0+200', '2@2 0+120']);
    expect(names({ from: 25, weight: 50 }, 100)).toEqual(['0@0 0+100', '1@1 0+50', '2@2 0+10', '3@1 50+50']);
  });

  test('neighbours that are too narrow to tell apart are one box', () => {
    const wide = callTree(
      profileOf(`main;big 1000\n${Array.from({ length: 50 }, (_, i) => `main;x${i} 1`).join('\n')}`),
    );
    const boxes = layOut(wide, subtreeEnds(wide), { from: 0, weight: 1050 }, 105);
    const narrow = [...boxes.node].flatMap((node, i) => (node < 0 ? [i] : []));
    expect(narrow).toHaveLength(1);
    expect(boxes.width[narrow[0]!]).toBeCloseTo(5);
  });

  test('no weight, no boxes', () => {
    const empty = callTree(profileOf('main 0'));
    expect(layOut(empty, subtreeEnds(empty), { from: 0, weight: 0 }, 100).length).toBe(0);
  });

  test('boxes of a row never overlap, and stand in their window', () => {
    fc.assert(
      fc.property(arbitraryProfile, fc.double({ min: 0, max: 0.9, noNaN: true }), (profile, part) => {
        const any = callTree(profile);
        const window = { from: any.weight * part, weight: any.weight * (1 - part) };
        const { length, x, width, row } = layOut(any, subtreeEnds(any), window, 300);
        const edges = new Map<number, number>();
        for (let i = 0; i < length; i++) {
          expect(x[i]).toBeGreaterThanOrEqual((edges.get(row[i]!) ?? 0) - 1e-6);
          expect(x[i]! + width[i]!).toBeLessThanOrEqual(300 + 1e-6);
          edges.set(row[i]!, x[i]! + width[i]!);
        }
      }),
    );
  });
});
