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
