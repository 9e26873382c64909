import { RepeatedAnswer } from '../../src/load/repeated-answer.ts';
import { ResponseError } from '../../src/load/response-bytes.ts';
import { ResponseParser } from '../../src/load/response-parser.ts';
import { demangled } from '../../src/symbols/demangle.ts';
import { openJitDump } from '../../src/symbols/jitdump.ts';
import { plainCppName } from '../../src/symbols/plain-cpp-name.ts';
import { CfaProgram } from '../../src/symbols/unwind/cfa-program.ts';
import { CfiReader } from '../../src/symbols/unwind/cfi-reader.ts';
import { FrameEntries } from '../../src/symbols/unwind/frame-entries.ts';
import { builtIndex } from '../../src/symbols/unwind/frame-index.ts';
import { frameBytes } from '../symbols/unwind/frame-bytes.ts';
import type { OverwrittenFile } from './overwritten-file.ts';
import type { FuzzTarget } from './target.ts';

/** Functions with call frame instructions of x86-64, one of them that a signal enters. */
const FRAMES = frameBytes([
  {
    ...{ returnRegister: 16, initial: [0x0c, 7, 8, 0x90, 1] },
    functions: [
      {
        start: 0x1000,
        size: 0x80,
        instructions: [0x44, 0x0e, 16, 0x86, 2, 0x43, 0x0d, 6, 0x0a, 0x60, 0x0c, 7, 8, 0x0b],
      },
    ],
  },
  {
    ...{ returnRegister: 16, signal: true, initial: [0x0f, 3, 0x77, 16, 0x06, 0x10, 16, 2, 0x77, 24] },
    functions: [{ start: 0x1100, size: 0x40, instructions: [0x16, 6, 2, 0x77, 8, 0x2e, 32] }],
  },
]);

/** A record of a jitdump: 32-bit and 64-bit numbers, then texts. */
function record(kind: number, time: number, words: readonly number[], longs: readonly number[], text = ''): Buffer {
  const bytes = Buffer.alloc(16 + words.length * 4 + longs.length * 8 + text.length);
  bytes.writeUInt32LE(kind, 0);
  bytes.writeUInt32LE(bytes.length, 4);
  bytes.writeBigUInt64LE(BigInt(time), 8);
  words.forEach((word, i) => void bytes.writeUInt32LE(word, 16 + i * 4));
  longs.forEach((long, i) => void bytes.writeBigUInt64LE(BigInt(long), 16 + words.length * 4 + i * 8));
  bytes.write(text, 16 + words.length * 4 + longs.length * 8, 'latin1');
  return bytes;
}

/** Its header, a table of lines, two pieces of code, one of them moved. */
function jitDump(): Buffer {
  const header = Buffer.alloc(40);
  [0x4a695444, 1, 40, 62, 0, 7].forEach((word, i) => void header.writeUInt32LE(word, i * 4));
  return Buffer.concat([
    header,
    record(2, 10, [], [0x1000, 1, 0x1000], '\x05\0\0\0\0\0\0\0a.js\0'),
    record(0, 20, [7, 7], [0x1000, 0x1000, 8, 1], 'parse /a.js:1:2\0\x90\x90\x90\x90\x90\x90\x90\x90'),
    record(0, 30, [7, 7], [0x2000, 0x2000, 4, 2], '~f\0\x90\x90\x90\x90'),
    record(1, 40, [7, 7], [0x3000, 0, 0x3000, 8, 1]),
  ]);
}

const NAMES = [
  '_ZNSt6vectorIiSaIiEE9push_backERKi',
  '_ZN4core3ptr85drop_in_place$LT$std..rt..lang_start$LT$$LP$$RP$$GT$..$u7b$$u7b$closure$u7d$$u7d$$GT$17h0123456789abcdefE',
  '_RNvCskwGfYPst2Cb_3foo16example_function',
  '_ZZN1aIXadL_ZN1b1cEvEEE1dEvENKUlT_E_clIiEEDaS1_',
];
const ANSWERS = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n5;a=b\r\nhello\r\n0\r\nx: y\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 302 Found\r\nLocation: /a\r\nContent-Type: text/event-stream\r\n\r\n',
];

/** What programs leave of their own code, names as linkers write them, and what servers answer. */
export function codeTargets(file: OverwrittenFile): FuzzTarget[] {
  const owners = [process.geteuid!()];
  return [
    {
      id: 'symbols:unwind',
      seeds: [FRAMES],
      run: (bytes) => {
        const entries = new FrameEntries(new CfiReader(bytes, 0x2000, 0x2000), bytes.length % 8 === 0);
        const index = builtIndex(entries);
        const program = new CfaProgram(entries.reader);
        let rules = 0;
        for (const address of [0x1000, 0x1010, 0x1050, 0x1100, 0x113f, 2 ** 40]) {
          const at = index(address);
          const fde = at < 0 ? undefined : entries.fdeAt(at);
          if (fde !== undefined && program.ruleAt(fde, address, 16) !== undefined) rules++;
        }
        return rules > 0;
      },
    },
    {
      id: 'symbols:jitdump',
      seeds: [jitDump()],
      run: (bytes) => {
        const dump = openJitDump(file.of(bytes), owners);
        if (dump === undefined) throw new Error('the file is not there');
        if ('why' in dump) return false;
        if (dump.leftOver < 0 || dump.wrong < 0) throw new Error(`${dump.leftOver} bytes left, ${dump.wrong} wrong`);
        return dump.table.count > 0;
      },
    },
    {
      id: 'symbols:demangle',
      seeds: NAMES.map((name) => Buffer.from(name)),
      run: (bytes) => {
        const name = bytes.toString('utf8');
        return demangled(name) !== name || plainCppName(name) !== undefined;
      },
    },
    { id: 'load:response', seeds: ANSWERS.map((answer) => Buffer.from(answer)), run: readAnswers },
  ];
}

/** Answers that come in two pieces. */
function readAnswers(bytes: Buffer): boolean {
  let complete = 0;
  let body = 0;
  const sink = {
    headless: () => false,
    head: () => {},
    body: (_: Uint8Array, from: number, to: number) => {
      if (to < from) throw new RangeError(`a body from ${from} to ${to}`);
      body += to - from;
    },
    complete: () => void complete++,
  };
  const parser = new ResponseParser(sink, new RepeatedAnswer(Buffer.alloc(64)));
  const cut = (bytes[0] ?? 0) % (bytes.length + 1);
  try {
    for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) parser.feed(piece, piece.length);
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    return false;
  }
  if (body > bytes.length) throw new RangeError(`${body} bytes of bodies in ${bytes.length} bytes`);
  return complete > 0;
}
