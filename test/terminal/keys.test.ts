import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Key, KeyReader } from '../../src/terminal/keys.ts';

const words = (keys: readonly Key[]): string[] => keys.map((key) => (key.name === 'character' ? key.text : key.name));

function read(...pieces: string[]): string[] {
  const reader = new KeyReader();
  const keys = pieces.flatMap((piece) => reader.push(Buffer.from(piece)));
  return words([...keys, ...reader.flush()]);
}

test('keys of xterm, the Linux console and rxvt', () => {
  expect(read('\u001b[A\u001b[B\u001b[C\u001b[D')).toEqual(['up', 'down', 'right', 'left']);
  expect(read('\u001bOA\u001bOB')).toEqual(['up', 'down']);
  expect(read('\u001b[H\u001b[1~\u001b[7~\u001bOH')).toEqual(['home', 'home', 'home', 'home']);
  expect(read('\u001b[5~\u001b[6~\u001b[Z\t\r\u007f')).toEqual([
    'page-up',
    'page-down',
    'back-tab',
    'tab',
    'enter',
    'backspace',
  ]);
  expect(read('\u0003\u001a\u000c')).toEqual(['interrupt', 'suspend', 'redraw']);
});

test('a lone ESC is a key once nothing follows; sequences cut anywhere are whole', () => {
  const reader = new KeyReader();
  expect(words(reader.push(Buffer.from('\u001b')))).toEqual([]);
  expect(reader.isWaiting).toBe(true);
  expect(words(reader.flush())).toEqual(['escape']);
  expect(reader.isWaiting).toBe(false);
  expect(read('\u001b', '[', 'A', 'x')).toEqual(['up', 'x']);
  expect(read('\u001b\u001b[A')).toEqual(['escape', 'up']);
  expect(read('\u001bx')).toEqual(['escape', 'x']);
});

test('characters of several bytes, cut; unknown sequences and controls say nothing', () => {
  const bytes = Buffer.from('é日😀');
  const reader = new KeyReader();
  const keys = [...bytes].flatMap((byte) => reader.push(Uint8Array.of(byte)));
  expect(words(keys)).toEqual(['é', '日', '😀']);
  expect(read('\u001b[?1;2c\u001b[15~\u0001q')).toEqual(['q']);
});

test('any bytes in any pieces give the same keys as at once, and nothing is left waiting', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (bytes, cut) => {
      const whole = new KeyReader();
      const expected = words([...whole.push(bytes), ...whole.flush()]);
      const pieces = new KeyReader();
      const keys = [...pieces.push(bytes.subarray(0, cut)), ...pieces.push(bytes.subarray(cut)), ...pieces.flush()];
      expect(words(keys)).toEqual(expected);
      expect(pieces.isWaiting).toBe(false);
    }),
  );
});
