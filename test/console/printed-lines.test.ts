import { expect, test } from 'vitest';
import { PrintedLines } from '../../src/console/printed-lines.ts';

test('lines cut anywhere, without what drives a terminal, and no more than are kept', () => {
  const printed = new PrintedLines();
  for (const byte of Buffer.from('\u001b[31mlisten\u001b[0ming\n10 %\r20 %\r\nhé')) printed.add(Uint8Array.of(byte));
  expect(printed.all()).toEqual(['listening', '20 %', 'hé']);
  printed.add(Buffer.from('x\n'.repeat(5000)));
  expect(printed.all().length).toBe(2000);
  printed.add(Buffer.alloc(1 << 20, 97));
  printed.add(Buffer.alloc(1 << 20, 97));
  expect(printed.all().at(-1)!.length).toBe(4096);
});
