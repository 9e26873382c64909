import { connect } from 'node:net';
import type { Address } from './address.ts';

/** What every HTTP/2 client says first (RFC 9113, 3.4), and an empty SETTINGS frame. */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1');
/** Milliseconds. */
const PATIENCE = 1_000;
const ENOUGH = 64;

/**
 * Asks once more whoever has no HTTP/2 at an address, to tell a person what is there. Never rejects.
 * @returns words to follow the address: `is a web server (HTTP/1.1)...`
 */
export function whoAnswers(address: Address): Promise<string> {
  return new Promise((resolve) => {
    let heard: Buffer = Buffer.alloc(0);
    const socket = connect(address.socket);
    const tell = (): void => {
      socket.destroy();
      resolve(wordsFor(heard));
    };
    socket.setTimeout(PATIENCE, tell);
    socket.on('connect', () => socket.write(PREFACE));
    socket.on('error', tell);
    socket.on('close', tell);
    socket.on('data', (bytes) => {
      heard = Buffer.concat([heard, bytes]);
      if (heard.length >= ENOUGH) tell();
    });
  });
}

function wordsFor(heard: Buffer): string {
  const start = heard.toString('latin1', 0, ENOUGH);
  const version = /^HTTP\/[\d.]+/.exec(start)?.[0];
  if (version !== undefined) return `is a web server (${version}), no console-subscriber`;
  // A TLS record: alert or handshake, version 3.x
  if (/^[\x15\x16]\x03/.test(start)) return 'speaks TLS, which console-subscriber does not: it is another server';
  if (heard.length === 0) return 'says nothing to HTTP/2: it is no console-subscriber';
  return 'does not speak HTTP/2: it is no console-subscriber';
}
