import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';

/**
 * Whether a URL answers with a status below 400, whoever signed its certificate. In a module of its own, as most loads have no
 * use for `node:https`.
 */
export function answersWell(url: URL): Promise<boolean> {
  return new Promise((done) => {
    const options = { agent: false as const, timeout: 2_000, rejectUnauthorized: false };
    const request = (url.protocol === 'https:' ? getSecure : getPlain)(url, options, (answer) => {
      answer.destroy();
      done((answer.statusCode ?? 500) < 400);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => done(false));
  });
}
