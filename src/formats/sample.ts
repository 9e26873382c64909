import { ProfileBuilder } from '../profile/builder.ts';
import { nativeKind } from '../profile/kind.ts';
import type { Profile } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { readableRustName } from './frames/rust-names.ts';
import { headLines, textLines } from './text/lines.ts';
import { ownCopy } from './text/own-copy.ts';

/**
 * The report of macOS' `sample`, and of Activity Monitor's "Sample Process": a call tree by indentation of two columns
 * a level (drawn with `+ ! : |`), each line with the number of samples of itself and all below it.
 */
export const sampleReport: Format = {
  id: 'sample',
  title: 'macOS sample report',
  detect,
  read,
  dialects: new Map([
    ['inferno', async (...words) => (await import('./compat/inferno-sample.ts')).readSampleAsInferno(...words)],
  ]),
};

const title = /^Analysis of sampling (.*) \(pid (\d+)\) every (\d+(?:\.\d+)?) (milli|micro)?seconds?/;
const treeLine = /^ {4}([ +!:|]*)(\d{1,15}) (.+)$/;

function detect(head: Uint8Array): Claim {
  const lines = headLines(head);
  if (title.test(lines[0]!)) return 'yes';
  const call = lines.indexOf('Call graph:');
  return call >= 0 && (treeLine.test(lines[call + 1] ?? '') || lines.some((line) => line.startsWith('Analysis Tool:')))
    ? 'yes'
    : 'no';
}

/** A line of the tree whose callees may follow. */
interface OpenNode {
  readonly stack: number;
  readonly thread: number;
  readonly lineNumber: number;
  self: number;
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const open: OpenNode[] = [];
  let state: 'before' | 'tree' | 'after' = 'before';
  let process = { name: '', pid: -1 };
  let interval = 0;
  let lineNumber = 0;
  const close = (depth: number): void => {
    while (open.length > depth) {
      const { stack, self, thread, lineNumber: line } = open.pop()!;
      if (self < 0) throw new FormatError(input, `line ${line}`, 'its callees have more samples than it has itself');
      if (self > 0) builder.sample(stack, [self], undefined, thread);
    }
  };
  for await (const lines of textLines(input)) {
    for (const line of lines) {
      lineNumber++;
      if (state === 'before') {
        const [, name, pid, every, unit] = title.exec(line) ?? [];
        if (name !== undefined) {
          process = { name: ownCopy(name), pid: Number(pid) };
          interval = Number(every) * (unit === 'milli' ? 1e6 : unit === 'micro' ? 1e3 : 1e9);
        }
        if (line === 'Call graph:') state = 'tree';
        continue;
      }
      if (state === 'after') continue;
      if (line.trim() === '' || line.startsWith('Total number in stack')) {
        state = 'after';
        continue;
      }
      const [, indent, count, text] = treeLine.exec(line) ?? [];
      if (indent === undefined || indent.length % 2 !== 0 || indent.length / 2 > open.length) {
        throw new FormatError(
          input,
          `line ${lineNumber}`,
          'this is no line of a call tree, or its caller is not there',
        );
      }
      close(indent.length / 2);
      const samples = Number(count);
      const caller = open.at(-1);
      if (caller) caller.self -= samples;
      if (!caller) {
        const thread = builder.thread(threadOf(text!, process));
        open.push({ stack: -1, thread, lineNumber, self: samples });
      } else {
        const stack = builder.stack(caller.stack, frameOf(builder, text!));
        open.push({ stack, thread: caller.thread, lineNumber, self: samples });
      }
    }
  }
  close(0);
  if (state === 'before') throw new FormatError(input, '', 'there is no `Call graph:`', 'the file was cut');
  if (state === 'tree') notes.add(`${input.name} ends in its call tree: what follows is missing`);
  return builder.build({
    tool: 'sample',
    ...(interval > 0 ? { sampleInterval: interval } : {}),
    notes: notes.list,
  });
}

/** `Thread_15758523   DispatchQueue_1: com.apple.main-thread  (serial)`, `Thread_123: name`. */
function threadOf(text: string, process: { readonly name: string; readonly pid: number }) {
  const [, id, name] =
    /^Thread_(\d{1,15})(?:[ :]\s*(.*?))?\s*(?:\(serial\)|\(concurrent\))?\s*$/.exec(text.slice(0, 400)) ?? [];
  const known = name === undefined ? '' : ownCopy(name.trim());
  if (id === undefined) return { pid: process.pid, tid: -1, process: process.name, name: ownCopy(text.trim()) };
  return { pid: process.pid, tid: Number(id), process: process.name, name: known || `Thread_${id}` };
}

/** `main  (in rg) + 41  [0x10384b549]`, with the source behind it where it is known; `???  (in x)  load address ...`. */
function frameOf(builder: ProfileBuilder, text: string): number {
  const at = text.indexOf('  (in ');
  const end = at < 0 ? -1 : text.indexOf(')', at);
  if (end < 0) return builder.frame({ name: ownCopy(text.replace(/ {2}\[0x[0-9a-f,x.]+\].*$/, '').trim()) });
  const name = readableRustName(ownCopy(text.slice(0, at)));
  const module = ownCopy(text.slice(at + '  (in '.length, end));
  const [, file, line] = /\] {2}(\S+):(\d{1,9})$/.exec(text) ?? [];
  return builder.frame({
    name: name === '???' ? '' : name,
    module,
    kind: /\.dylib$/.test(module) ? 'native' : nativeKind(name, module),
    ...(file === undefined ? {} : { file: ownCopy(file), line: Number(line) }),
  });
}
