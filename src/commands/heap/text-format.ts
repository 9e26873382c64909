import { UserError } from '../../errors.ts';
import type { Call } from '../command.ts';
import { formatOfName } from '../options/result-format.ts';
import { HEAP_FORMATS, type HeapCommandOptions } from './options.ts';

/**
 * The format of a result that is text or JSON, whatever else `heap` can write.
 * @param what it is, for messages
 * @throws {UserError} another one was asked for
 */
export function textOrJson({ shared }: Call, { format, output }: HeapCommandOptions, what: string): 'text' | 'json' {
  const chosen = format ?? formatOfName(output, HEAP_FORMATS) ?? (shared.json ? 'json' : 'text');
  if (chosen === 'text' || chosen === 'json') return chosen;
  throw new UserError(`${what} cannot be written as ${chosen}`, { hint: 'text and json can' });
}
