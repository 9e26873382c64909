import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeProfile } from '../../../src/embedded/decode.ts';
import { encodeProfile } from '../../../src/embedded/encode.ts';
import { Notes } from '../../../src/formats/format.ts';
import { inputOf } from '../../../src/formats/input.ts';
import { perfScript } from '../../../src/formats/perf-script.ts';
import { readDrawn, readProfile } from '../../../src/formats/registry.ts';
import type { DrawnTree } from '../../../src/profile/drawn-tree.ts';
import { frameLabel } from '../../../src/profile/frame-label.ts';
import type { FindOriginals } from '../../../src/profile/originals.ts';
import { withOriginals } from '../../../src/profile/originals.ts';
import { KINDS, type Profile } from '../../../src/profile/profile.ts';
import { rootByThread } from '../../../src/profile/threads.ts';
import { mergeTiers } from '../../../src/profile/tiers.ts';
import { totalWeight } from '../../../src/profile/total.ts';
import { unknownAdvice, unknownShare } from '../../../src/profile/unknown.ts';
import { frameWeights } from '../../../src/render/compact/said-of-profile.ts';
import { drawnLayout, type FlameLayout, flameLayout } from '../../../src/render/flame-layout.ts';
import { summaryOf } from '../../../src/render/summary.ts';
import { sumsByStack } from '../../embedded/sums-by-stack.ts';
import { PERF_TEXTS } from '../perf-script/texts.ts';

/** All that is shown of a frame but its module, which two frames of a node with one kind may have as they like. */
function shown(profile: Profile, frame: number): string {
  return `${frameLabel(profile, frame)} ${KINDS[profile.frames.kind[frame]!]!}`;
}

function facts(profile: Profile, layout: FlameLayout, weights: Float64Array, samples: number) {
  const { tree, nodes, narrow, rootSelf, rows, tooDeep } = layout;
  const self = new Map<string, number>();
  weights.forEach((weight, frame) => {
    if (weight > 0) self.set(shown(profile, frame), (self.get(shown(profile, frame)) ?? 0) + weight);
  });
  const { leaf, any, weight, modules } = unknownShare(profile);
  return {
    nodes: Array.from(nodes, (node) => {
      const place = `${tree.start[node]} ${tree.total[node]} ${tree.self[node]}`;
      return `${tree.depth[node]} ${shown(profile, tree.frame[node]!)} ${place}`;
    }),
    narrow,
    rootSelf,
    rows,
    tooDeep,
    weight: tree.weight,
    self: [...self].sort(),
    unknown: { leaf, any, weight, modules },
    summary: summaryOf(profile, profile.valueTypes.length - 1, undefined, samples),
    types: profile.valueTypes,
    origin: { ...profile.meta, notes: [] },
  };
}

function factsOfDrawn(drawn: DrawnTree) {
  const profile = mergeTiers(drawn.profile);
  return facts(profile, drawnLayout(drawn), drawn.selfOf, drawn.samples);
}

function factsOfModel(read: Profile, minFraction: number) {
  const merged = mergeTiers(rootByThread(read, 'name'));
  const layout = flameLayout(merged, { minFraction });
  const drawn = facts(merged, layout, frameWeights(layout, merged.frames.length), merged.samples.length);
  const { leaf, any, weight, modules } = unknownShare(read);
  return { ...drawn, unknown: { leaf, any, weight, modules } };
}

/** What is embedded is the profile, as the model embeds it. */
function expectEncoded(drawn: DrawnTree, model: Profile): void {
  const decoded = decodeProfile(Buffer.from(drawn.encode!(model.meta)).toString('base64'));
  const expected = decodeProfile(Buffer.from(encodeProfile(model)).toString('base64'));
  expect(sumsByStack(decoded)).toEqual(sumsByStack(expected));
  expect(decoded.stacks.length).toBe(expected.stacks.length);
  expect(decoded.valueTypes).toEqual(expected.valueTypes);
  expect(decoded.meta).toEqual(expected.meta);
  expect(decoded.threads).toEqual(expected.threads);
}

describe('perf script text as a picture, around the model', () => {
  test.each(PERF_TEXTS)('the same as by the model: %s', async (path) => {
    const model = await readProfile(path, { allowEmpty: true }).catch(() => undefined);
    for (const minFraction of [0, 0.001, 0.02]) {
      const drawn = await readDrawn(path, minFraction, { inputFormat: 'perf-script' }).catch(() => undefined);
      if (model === undefined || model.meta.format !== 'perf-script' || totalWeight(model) === 0) {
        if (model === undefined || totalWeight(model) === 0) expect(drawn).toBeUndefined();
        continue;
      }
      expect(factsOfDrawn(drawn!)).toEqual(factsOfModel(model, minFraction));
      expect(drawn!.profile.meta.notes).toEqual(model.meta.notes);
      expectEncoded(drawn!, model);
      expect(unknownAdvice(drawn!.profile)).toBe(unknownAdvice(model));
    }
  });

  test('names that begin with one another, in several modules, of scripts in several tiers', async () => {
    const line = fc.constantFrom(
      '1 f+0x1 (/srv/a)',
      '1 f (/usr/lib/libb.so)',
      '1 f::g(int)+0x2 (/srv/a)',
      '1 f2 (/srv/a)',
      '1 f-x (/srv/a)',
      '1 f.cold ([kernel.kallsyms])',
      '1 [unknown] (/usr/lib/libb.so)',
      '1 [unknown] (/opt/libb.so)',
      '1 [unknown] ([unknown])',
      '1 JS:*h /srv/x.js:1:2 (/tmp/perf-1.map)',
      '1 JS:~h /srv/x.js:1:2 (/tmp/perf-1.map)',
      '1 JS:^h /srv/x.js:1:2 (/tmp/perf-2.map)',
      '1 Lx;->m(I;)V (/tmp/perf-2.map)',
      '1 Lx (/tmp/perf-2.map)',
      '1 f;g (/srv/a)',
    );
    const sample = fc.record({
      comm: fc.constantFrom('app', 'f', '[unknown]', ':-1'),
      time: fc.constantFrom(' 1.5:', ' 2.25:', ''),
      period: fc.constantFrom('', '7', '1000', '0'),
      event: fc.constantFrom('cycles:', 'cycles:', 'cpu-clock:u:'),
      frames: fc.array(line, { maxLength: 5 }),
    });
    const find: FindOriginals = async (functions) =>
      functions.map(({ line: at, file }) => (at === 1 && file === '/srv/x.js' ? ORIGINAL : undefined));
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { minLength: 1, maxLength: 25 }),
        fc.constantFrom(0, 0.01, 0.1, 0.3),
        fc.boolean(),
        async (samples, minFraction, mapped) => {
          const text = samples
            .map(({ comm, time, period, event, frames }) => {
              return `${comm} 1/2${time} ${period} ${event} \n${frames.map((frame) => `\t${frame}\n`).join('')}\n`;
            })
            .join('');
          const notes = new Notes();
          const read = await perfScript.read(inputOf(text, 'x'), new Notes());
          const model = mapped ? await withOriginals(read, find) : read;
          const drawn = await perfScript.draw!(inputOf(text, 'x'), minFraction, notes, {}, mapped ? find : undefined);
          if (totalWeight(model) === 0) expect(drawn).toBeUndefined();
          else {
            expect(factsOfDrawn(drawn!)).toEqual(factsOfModel(model, minFraction));
            expectEncoded(drawn!, model);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

const ORIGINAL = { name: 'f', file: '/srv/x.ts', line: 3, column: 4 };
