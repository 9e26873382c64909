import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { UserError } from '../../../src/errors.ts';

/** What was read, or the message with which it was refused; anything else that is thrown is thrown on. */
export async function outcome<Value>(reading: Promise<Value>): Promise<Value | { readonly refused: string }> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UserError) return { refused: error.message };
    throw error;
  }
}

/** `toEqual` goes through tens of thousands of numbers one by one: it is only there to tell what differs. */
export function expectSame<Value>(found: Value, other: Value): void {
  if (isDeepStrictEqual(found, other)) return;
  expect(found).toEqual(other);
  expect.fail('only a prototype, a -0 or an undefined field differs');
}
