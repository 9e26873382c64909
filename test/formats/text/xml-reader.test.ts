import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inputOf } from '../../../src/formats/input.ts';
import { readXml } from '../../../src/formats/text/xml-reader.ts';

interface Told {
  readonly events: string[];
  readonly open: readonly string[];
}

async function told(xml: string, chunkSize: number): Promise<Told> {
  const events: string[] = [];
  // Texts come in pieces of any size
  let text = '';
  const flush = () => {
    if (text !== '') events.push(`text ${text}`);
    text = '';
  };
  const open = await readXml(inputOf(xml, 'x', chunkSize), {
    open(name, attributes) {
      flush();
      events.push(`open ${name} ${JSON.stringify([...attributes])}`);
    },
    text(piece) {
      text += piece;
    },
    close(name) {
      flush();
      events.push(`close ${name}`);
    },
  });
  flush();
  return { events, open };
}

/** Characters that XML can hold, those that have to be escaped more often than others. */
const content = fc.string({
  unit: fc.constantFrom('a', 'é', '漢', '😀', '<', '>', '&', '"', "'", '\n', '-', ']', ';', '#'),
  minLength: 1,
});
const escaped = (value: string) =>
  value.replace(/[<&"']/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);

describe('XML as a stream', () => {
  test('texts and attributes come back as they were, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(content, content, fc.integer({ min: 1, max: 40 }), async (attribute, text, size) => {
        const xml = `<?xml version="1.0"?><a><b c="${escaped(attribute)}" d=''/>${escaped(text)}<![CDATA[<&]]]]></a>`;
        expect(await told(xml, size)).toEqual({
          events: [
            'open a []',
            `open b ${JSON.stringify([
              ['c', attribute],
              ['d', ''],
            ])}`,
            'close b',
            `text ${text}<&]]`,
            'close a',
          ],
          open: [],
        });
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test('what a cut document leaves open is told', async () => {
    expect((await told('<a><b x="1">t', 3)).open).toEqual(['a', 'b']);
    expect((await told('<a><b>&am', 3)).open).toEqual(['a', 'b']);
    expect((await told('<a><!-- never closed', 3)).open).toEqual(['a']);
  });

  test('text of 5 MB does not wait for its end', async () => {
    let pieces = 0;
    await readXml(inputOf(`<a>${'x'.repeat(5_000_000)}</a>`, 'x', 65_536), {
      open() {},
      text: () => pieces++,
      close() {},
    });
    expect(pieces).toBeGreaterThan(50);
  });
});
