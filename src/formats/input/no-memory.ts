import { UserError } from '../../errors.ts';

/** For readers that keep what is distinct in memory: there was too much of it. */
export function noMemory(): UserError {
  return new UserError('not enough memory for so many different stacks', {
    hint: 'read the recording in parts, or collapse it with fewer frames a stack',
  });
}
