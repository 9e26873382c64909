import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ResponseError, ResponseParser } from '../../src/load/response-parser.ts';

/** What a parser says of bytes that come in pieces. */
function parsed(
  pieces: readonly Uint8Array[],
  options: { readonly head?: boolean; readonly close?: boolean } = {},
): string[] {
  const said: string[] = [];
  let body = '';
  const parser = new ResponseParser({
    headless: () => options.head === true,
    head: (_status, eventStream) => {
      if (eventStream) said.push('event stream');
    },
    body: (bytes, from, to) => {
      body += Buffer.from(bytes.subarray(from, to)).toString('latin1');
    },
    complete: (status, keepAlive) => {
      said.push(`${status} ${JSON.stringify(body)}${keepAlive ? '' : ' close'}`);
      body = '';
    },
  });
  for (const piece of pieces) parser.feed(piece, piece.length);
  if (options.close) said.push(parser.close() ? 'closed' : 'cut off');
  return said;
}

const cases: readonly [name: string, text: string, said: readonly string[]][] = [
  ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', ['200 "hello"']],
  ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', ['204 ""']],
  ['not modified with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n', ['304 ""']],
  [
    'two in a row',
    'HTTP/1.1 200 OK\r\ncontent-length:1\r\n\r\naHTTP/1.1 500 No\r\nCONTENT-LENGTH: 2 \r\n\r\nbc',
    ['200 "a"', '500 "bc"'],
  ],
  [
    'chunks with extensions and trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n3;a=b\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n',
    ['200 "abc0123456789"'],
  ],
  [
    'interim answers',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    ['200 ""'],
  ],
  ['a closed connection', 'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n', ['200 "" close']],
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', ['200 "" close']],
  ['HTTP/1.0 that stays', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n', ['200 ""']],
  ['lines that end with LF', 'HTTP/1.1 200\nContent-Length: 1\n\nx', ['200 "x"']],
  [
    'an event stream',
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n',
    ['event stream', '200 ""'],
  ],
];

test.each(cases)('%s', (_name, text, said) => {
  expect(parsed([Buffer.from(text)])).toEqual(said);
});

test.each(cases)('cut at every byte: %s', (_name, text, said) => {
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(parsed([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(said);
  }
  expect(parsed([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(said);
});

test('a body until the connection closes', () => {
  const text = Buffer.from('HTTP/1.1 200 OK\r\n\r\nall of it');
  expect(parsed([text], { close: true })).toEqual(['200 "all of it" close', 'closed']);
  expect(parsed([Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')], { close: true })).toEqual([
    'cut off',
  ]);
});

test('answers to HEAD have no body, whatever their length says', () => {
  const one = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
  expect(parsed([Buffer.from(one + one)], { head: true })).toEqual(['200 ""', '200 ""']);
});

test.each([
  ['SSH-2.0-OpenSSH', /SSH-2/],
  ['\x16\x03\x01\x02', /no HTTP/],
  ['HTTP/2 200\r\n\r\n', /no HTTP/],
  ['HTTP/1.1 abc OK\r\n\r\n', /status line/],
  ['HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n', /Content-Length/],
  ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n', /Content-Length/],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', /chunk/],
  ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n', /chunk/],
  ['HTTP/1.1 101 Switching\r\n\r\n', /another protocol/],
  [`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(70_000)}`, /64 KiB/],
])('no answer: %j', (text, message) => {
  expect(() => parsed([Buffer.from(text, 'latin1')])).toThrow(message);
});

test('whatever comes is an answer or a ResponseError, and cuts do not change which', () => {
  const bits = fc.constantFrom(
    ...[
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.0 404 x\r\n',
      '\r\n',
      '\n',
      'Content-Length: 3\r\n',
      'Transfer-Encoding: chunked\r\n',
    ],
    ...['3\r\nabc\r\n', '0\r\n\r\n', 'abc', '\0', 'HTTP/1.1 100 x\r\n\r\n', ':', 'Connection: close\r\n'],
  );
  const outcome = (pieces: readonly Uint8Array[]): string => {
    try {
      return JSON.stringify(parsed(pieces, { close: true }));
    } catch (error) {
      expect(error).toBeInstanceOf(ResponseError);
      return 'error';
    }
  };
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 12 }), fc.nat(), (parts, at) => {
      const bytes = Buffer.from(parts.join(''), 'latin1');
      const cut = at % (bytes.length + 1);
      expect(outcome([bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(outcome([bytes]));
    }),
    { numRuns: 500 },
  );
});
