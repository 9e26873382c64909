import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceMapText } from '../../src/symbols/source-map-text.ts';

const textOf = (json: string) => sourceMapText(Buffer.from(json));
const texts = fc.array(
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\\"', ']', '","'), fc.constant(null)),
);
const value = fc.oneof(texts, fc.jsonValue());

test('the texts of sources are left out, at any depth and however they are written; all else stays', () => {
  const map = fc.record({
    version: fc.constant(3),
    names: fc.array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('sourcesContent', '"sourcesContent":["a"]')),
    ),
    sourcesContent: texts,
    mappings: fc.string(),
    sections: fc.array(fc.record({ map: fc.record({ sourcesContent: value, sources: texts }) })),
  });
  fc.assert(
    fc.property(map, fc.constantFrom(0, 1), (written, indent) => {
      const read = JSON.parse(textOf(JSON.stringify(written, null, indent)));
      const isList = (given: unknown) =>
        Array.isArray(given) && given.every((each) => typeof each === 'string' || each === null);
      expect(read).toEqual({
        ...JSON.parse(JSON.stringify(written)),
        sourcesContent: [],
        sections: written.sections.map(({ map: { sourcesContent, sources } }) => ({
          map: { sourcesContent: isList(sourcesContent) ? [] : JSON.parse(JSON.stringify(sourcesContent)), sources },
        })),
      });
    }),
  );
});

test('what is no JSON becomes none', () => {
  const json = JSON.stringify({ version: 3, sourcesContent: ['a "b" \\', null, ']'], mappings: 'AAAA' });
  for (let at = 0; at < json.length; at++) expect(() => JSON.parse(textOf(json.slice(0, at)))).toThrow();
  for (const broken of [
    '{"a"sourcesContent":["b"]}',
    '{"sourcesContent":["b"}',
    '{"sourcesContent" ["b"]}',
    '{"sourcesContent":["b"',
  ]) {
    expect(() => JSON.parse(textOf(broken))).toThrow();
  }
});

test('the text is short, whatever stands in the sources', () => {
  const json = JSON.stringify({ version: 3, sourcesContent: ['let a = "b\\n";\n'.repeat(10_000)], mappings: 'AAAA' });
  expect(textOf(json)).toBe('{"version":3,"sourcesContent":[],"mappings":"AAAA"}');
});
