import { EXIT, UserError } from '../../errors.ts';
import type { Address } from './address.ts';

/** In words to follow the address. */
const OF_SOCKETS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'refused the connection: nobody listens there'],
  ['ENOENT', 'does not exist'],
  ['EACCES', 'may not be opened by this user'],
  ['EPERM', 'may not be opened by this user'],
  ['ENOTFOUND', 'is on a host that is not known'],
  ['EAI_AGAIN', 'is on a host that cannot be looked up now'],
  ['ECONNRESET', 'reset the connection'],
  ['EPIPE', 'closed the connection'],
  ['ETIMEDOUT', 'did not answer'],
]);

/** Of the socket, not of what is said over it. */
export function isOfSocket({ code }: NodeJS.ErrnoException): boolean {
  return code !== undefined && !code.startsWith('ERR_') && code !== 'ECONNRESET';
}

export function wordsForError(error: NodeJS.ErrnoException): string {
  const { code = '' } = error;
  if (code.startsWith('ERR_HTTP2')) return `broke off (${error.message})`;
  return OF_SOCKETS.get(code) ?? `cannot be reached (${code || error.message})`;
}

/** @param what in words to follow the address */
export function unreachable(address: Address, what: string): UserError {
  return new UserError(`${address.title} ${what}`, {
    hint: 'start the program with console_subscriber::init(), built with RUSTFLAGS="--cfg tokio_unstable"; it listens at 127.0.0.1:6669, or where TOKIO_CONSOLE_BIND says',
    exitCode: EXIT.cannotCollect,
  });
}
