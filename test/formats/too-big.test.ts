import { afterEach, expect, test, vi } from 'vitest';
import { readGhcprofAsInferno } from '../../src/formats/compat/inferno-ghcprof.ts';
import { folded } from '../../src/formats/folded.ts';
import { type Input, Notes } from '../../src/formats/format.ts';
import { contiguousBytes } from '../../src/formats/input/contiguous-bytes.ts';
import { inputOf, readBytes } from '../../src/formats/input.ts';
import { textLines } from '../../src/formats/text/lines.ts';

// What node can hold in one text, and in one buffer, is a gigabyte and more: here it is little
vi.mock('node:buffer', async (original) => ({
  ...(await original<object>()),
  constants: { MAX_STRING_LENGTH: 1 << 21, MAX_LENGTH: 1 << 21 },
}));
afterEach(() => {
  vi.restoreAllMocks();
});

/** Five megabytes without a line end. */
const long = (): Input => inputOf(Buffer.alloc(5 << 20, 'a'), 'long.txt', 1 << 16);

test.each<[string, () => Promise<unknown>]>([
  [
    'of text',
    async () => {
      for await (const _lines of textLines(long()));
    },
  ],
  ['of folded text', async () => folded.read(long(), new Notes())],
  ['that is read as inferno reads it', async () => readGhcprofAsInferno(long(), new Notes(), {})],
])('a line %s that no text can hold', async (_what, read) => {
  await expect(read()).rejects.toThrow(/^long\.txt has a line that is too long$/);
});

test('bytes that no buffer can hold', async () => {
  await expect(readBytes(long())).rejects.toThrow(/^long\.txt is too big to be read at once$/);
});

test('bytes behind the last place that a table can name', async () => {
  // Nothing is put there, and what is not touched takes no memory
  vi.spyOn(Buffer.prototype, 'copy').mockReturnValue(0);
  const endless: Input = {
    ...long(),
    async readInto(room, take) {
      for (;;) take(room().length);
    },
  };
  await expect(contiguousBytes(endless)).rejects.toThrow(/^long\.txt is too big to be read at once$/);
});

test('more different stacks than there is memory for', async () => {
  const refused: Input = {
    ...inputOf('a;b 1\n', 'many.folded'),
    async readInto() {
      throw new RangeError('Array buffer allocation failed');
    },
  };
  await expect(folded.read(refused, new Notes())).rejects.toMatchObject({
    message: 'not enough memory for so many different stacks',
    hint: expect.stringMatching(/^read the recording in parts/),
  });
});
