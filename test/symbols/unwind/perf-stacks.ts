import { execFileSync } from 'node:child_process';
import { Notes } from '../../../src/formats/format.ts';
import { openInput } from '../../../src/formats/input.ts';
import { type PerfMapping, readRecording } from '../../../src/formats/perf-data/recording.ts';
import { openElf } from '../../../src/symbols/elf-file.ts';
import { Unwinder } from '../../../src/symbols/unwind/unwinder.ts';

/** One sample, unwound by perf and by us; frames are `address module`, leaf first, without the kernel's. */
export interface StackPair {
  readonly theirs: readonly string[];
  readonly ours: readonly string[];
}

/** The stacks of a recording with copied stacks, as `perf script` prints them and as we unwind them. */
export async function stackPairs(file: string): Promise<{ pairs: StackPair[]; truncated: number }> {
  const theirs = perfStacks(file);
  const unwinder = new Unwinder<PerfMapping>(({ path }) => openElf(path));
  const into = new Float64Array(1024);
  const pairs: StackPair[] = [];
  await readRecording(await openInput(file), new Notes(), {
    info() {},
    sample(sample) {
      const count = unwinder.unwind(sample, into);
      const ours = Array.from(into.subarray(0, count), (address) => {
        const mapping = sample.space.find(address);
        const inFile = mapping !== undefined && !mapping.path.startsWith('//anon');
        const shown = inFile ? address - mapping.start + mapping.offset : address;
        return `${shown.toString(16)} ${mapping?.path ?? '[unknown]'}`;
      });
      const other = theirs.get(`${sample.tid} ${sample.time}`);
      if (other !== undefined) pairs.push({ theirs: other, ours });
    },
  });
  return { pairs, truncated: unwinder.truncated };
}

function perfStacks(file: string): Map<string, string[]> {
  const args = [
    'script',
    '--force',
    '--ns',
    '--no-inline',
    '--max-stack',
    '1024',
    '-F',
    'tid,time,ip,sym,dso',
    '-i',
    file,
  ];
  const text = execFileSync('perf', args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stacks = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    const head = /^ *(\d+) +(\d+)\.(\d{9}):/.exec(line);
    if (head) {
      current = [];
      stacks.set(`${head[1]} ${Number(head[2]! + head[3]!)}`, current);
    }
    const frame = /^\s+([0-9a-f]+) .*\((.*?)(?: \(deleted\))?\)$/.exec(line);
    if (frame && !/^ffff[89a-f]/.test(frame[1]!)) {
      current.push(`${frame[1]} ${/^\/tmp\/perf-\d+\.map$/.test(frame[2]!) ? '//anon' : frame[2]}`);
    }
  }
  return stacks;
}
