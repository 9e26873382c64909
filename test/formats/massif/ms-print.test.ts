import { describe, expect, test } from 'vitest';
import { printed } from './ms-print.ts';
import { peerRecordings } from './peer-recordings.ts';

describe.each(peerRecordings)('$name', ({ path, printed: texts }) => {
  test.each(texts)('is printed as ms_print $options prints it, byte for byte', async ({ text, options }) => {
    expect((await printed(path, options)).toString('latin1')).toBe(text.toString('latin1'));
  });
});
