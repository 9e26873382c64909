import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RepeatedAnswer } from '../../src/load/repeated-answer.ts';
import { ResponseError } from '../../src/load/response-bytes.ts';
import { ResponseParser, type ResponseSink } from '../../src/load/response-parser.ts';

/** What a parser says of bytes that come in pieces. */
function parsed(
  pieces: readonly Uint8Array[],
  options: {
    readonly head?: boolean;
    readonly close?: boolean;
    readonly repeated?: (buffer: Uint8Array) => RepeatedAnswer;
  } = {},
): string[] {
  const said: string[] = [];
  let body = '';
  const sink: ResponseSink = {
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
  };
  const buffer = new Uint8Array(1 << 18);
  const parser = new ResponseParser(sink, options.repeated?.(buffer) ?? new RepeatedAnswer(buffer));
  // As a thread's sockets do: all read into the same bytes
  for (const piece of pieces) {
    buffer.set(piece);
    parser.feed(buffer, piece.length);
  }
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

/** Never takes an answer for the last one. */
const neverRepeated = (): RepeatedAnswer => new RepeatedAnswer(new Uint8Array(4));

test('answers that are like the last one are told as if each was parsed', () => {
  const answer = fc.constantFrom(
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nworld',
    // The same head up to its last byte, and a body that is not whole
    'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell',
    'HTTP/1.1 404 No\r\nContent-Length: 5\r\n\r\nhello',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 204 No\r\nX: 1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\ndata: 1\n\n',
    'HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb',
    // What follows an answer is no part of it
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello\r\n',
  );
  const outcome = (pieces: readonly string[], repeated?: (buffer: Uint8Array) => RepeatedAnswer): string[] => {
    try {
      return parsed(
        pieces.map((piece) => Buffer.from(piece)),
        { close: true, ...(repeated === undefined ? {} : { repeated }) },
      );
    } catch (error) {
      return [(error as ResponseError).message];
    }
  };
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 12 }), (pieces) => {
      expect(outcome(pieces)).toEqual(outcome(pieces, neverRepeated));
    }),
    { numRuns: 2_000 },
  );
});

test('the begin of an answer is not taken for one to HEAD that looked like it', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
  const said: string[] = [];
  let headless = true;
  const buffer = new Uint8Array(1024);
  const parser = new ResponseParser(
    {
      headless: () => headless,
      head: () => said.push('head'),
      body: (_bytes, from, to) => said.push(`${to - from} bytes`),
      complete: () => said.push('complete'),
    },
    new RepeatedAnswer(buffer),
  );
  const feed = (text: string): void => {
    buffer.set(Buffer.from(text));
    parser.feed(buffer, text.length);
  };
  for (let i = 0; i < 2; i++) feed(head);
  headless = false;
  feed(head);
  feed('hello');
  feed(`${head}hello`);
  // And the other way around: what was an answer with a body begins one to HEAD
  headless = true;
  feed(head);
  expect(said.join(' ')).toBe('head complete head complete head 5 bytes complete head 5 bytes complete head complete');
});
