import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callTree } from '../../src/profile/call-tree.ts';
import { frameLabel } from '../../src/profile/frame-label.ts';
import type { SiblingOrder } from '../../src/profile/sibling-order.ts';
import { arbitraryProfile } from './arbitrary-profile.ts';
import { profileOf } from './profile-of.ts';

const profile = profileOf`
  m;z 1
  m;f;b 2
  m;f(int);a 1
  m;f 3
  m;f<T> 1
  m;g;x 1
  m;g(int) 1
`;

function drawn(siblings: SiblingOrder): string[] {
  const tree = callTree(profile, { siblings });
  return Array.from(tree.frame, (frame, i) => `${frameLabel(profile, frame)} ${tree.start[i]}+${tree.total[i]}`);
}

describe('siblings', () => {
  test('by label, self weight behind the children', () => {
    expect(drawn('label')).toEqual(
      'm 0+10,f 0+5,b 0+2,f(int) 5+1,a 5+1,f<T> 6+1,g 7+1,x 7+1,g(int) 8+1,z 9+1'.split(','),
    );
  });

  test('by line: what ends a line stands where that does, what goes on behind what is less than a semicolon', () => {
    expect(drawn('line')).toEqual(
      'm 0+10,f 0+5,b 3+2,f(int) 5+1,a 5+1,f<T> 6+1,g(int) 7+1,g 8+1,x 8+1,z 9+1'.split(','),
    );
  });

  test('by first sample', () => {
    expect(drawn('appearance')).toEqual(
      'm 0+10,z 0+1,f 1+5,b 4+2,f(int) 6+1,a 6+1,f<T> 7+1,g 8+1,x 8+1,g(int) 9+1'.split(','),
    );
  });

  test('any order has the same nodes, in preorder, side by side', () => {
    const order = fc.constantFrom<SiblingOrder>('line', 'appearance');
    fc.assert(
      fc.property(arbitraryProfile, order, (any, siblings) => {
        const [tree, plain] = [callTree(any, { siblings }), callTree(any)];
        expect([...tree.total].sort()).toEqual([...plain.total].sort());
        expect([...tree.self].sort()).toEqual([...plain.self].sort());
        const edge = new Map<number, number>();
        for (let i = 0; i < tree.length; i++) {
          const above = tree.parent[i]!;
          expect(above).toBeLessThan(i);
          if (above >= 0) expect(tree.start[i]).toBeGreaterThanOrEqual(tree.start[above]! + tree.self[above]!);
          if (edge.has(above)) expect(tree.start[i]).toBeCloseTo(edge.get(above)!, 6);
          edge.set(above, tree.start[i]! + tree.total[i]!);
        }
      }),
    );
  });
});
