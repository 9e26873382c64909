import { RSS_DESCRIPTION } from '../profile/heap-history.ts';

/** One look at a program and all that it started; bytes. */
export interface RssSample {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly anonymous: number;
  readonly file: number;
  readonly shared: number;
}

/** What node says of itself. */
export interface NodeMemory {
  readonly time: number;
  readonly heapTotal: number;
  readonly heapUsed: number;
  /** Memory outside of the JavaScript heap that objects hold on to. */
  readonly external: number;
  /** Of it in ArrayBuffers, node's Buffers among them. */
  readonly arrayBuffers: number;
}

/** As many samples are kept at most; then every other one is, and later ones come half as often. */
const MOST = 400;
/** Each so many snapshots there is one with details, as in massif's own files. */
const DETAILED = 4;

export function totalOf({ anonymous, file, shared }: RssSample): number {
  return anonymous + file + shared;
}

/** Samples of a run of any length: of those that stand together the largest is kept, so no peak is lost. */
export class RssSamples {
  private kept: RssSample[] = [];
  /** How many looks one kept sample stands for. */
  private each = 1;
  private looks = 0;
  private largest: RssSample | undefined;
  count = 0;

  add(sample: RssSample): void {
    this.count++;
    if (this.largest === undefined || totalOf(sample) > totalOf(this.largest)) this.largest = sample;
    if (++this.looks < this.each) return;
    this.kept.push(this.largest);
    this.looks = 0;
    this.largest = undefined;
    if (this.kept.length < MOST) return;
    this.kept = this.kept.flatMap((one, i) => {
      const next = this.kept[i + 1] ?? one;
      return i % 2 === 1 ? [] : [totalOf(next) > totalOf(one) ? next : one];
    });
    this.each *= 2;
  }

  /** In the order of time. */
  list(): readonly RssSample[] {
    return this.largest === undefined ? this.kept : [...this.kept, this.largest];
  }
}

/**
 * The samples in the format of valgrind's massif, so that everything which reads that can read them: one snapshot a sample,
 * resident memory as its heap, its parts as those who allocated it.
 * @param command as the person gave it
 * @param started milliseconds since the epoch
 * @param node by process, what node said, in the order of time
 */
export function* asMassif(
  samples: readonly RssSample[],
  command: readonly string[],
  started: number,
  node: readonly (readonly NodeMemory[])[],
): Iterable<string> {
  yield `desc: ${RSS_DESCRIPTION}\ncmd: ${command.join(' ').replaceAll('\n', ' ')}\ntime_unit: ms\n`;
  let peak = 0;
  for (let i = 1; i < samples.length; i++) if (totalOf(samples[i]!) > totalOf(samples[peak]!)) peak = i;
  const next = node.map(() => 0);
  for (const [i, sample] of samples.entries()) {
    const total = totalOf(sample);
    yield `#-----------\nsnapshot=${i}\n#-----------\ntime=${Math.max(0, Math.round(sample.time - started))}\n`;
    yield `mem_heap_B=${total}\nmem_heap_extra_B=0\nmem_stacks_B=0\n`;
    const tree = i === peak ? 'peak' : i % DETAILED === 0 || i === samples.length - 1 ? 'detailed' : 'empty';
    yield `heap_tree=${tree}\n`;
    if (tree === 'empty') continue;
    const said = latest(node, next, sample.time);
    const parts = partsOf(sample, said).filter(([, bytes]) => bytes > 0);
    yield `n${parts.length}: ${total} (resident memory) of the program and what it started\n`;
    for (const [name, bytes] of parts.sort((a, b) => b[1] - a[1])) yield ` n0: ${bytes} ${name}\n`;
  }
}

/** The sum of what all processes had said up to a time. */
function latest(node: readonly (readonly NodeMemory[])[], next: number[], time: number): NodeMemory {
  let [heapTotal, heapUsed, external, arrayBuffers] = [0, 0, 0, 0];
  for (const [i, lines] of node.entries()) {
    while (next[i]! < lines.length && lines[next[i]!]!.time <= time) next[i] = next[i]! + 1;
    const line = lines[next[i]! - 1];
    if (line === undefined) continue;
    heapTotal += line.heapTotal;
    heapUsed += line.heapUsed;
    external += line.external;
    arrayBuffers += line.arrayBuffers;
  }
  return { time, heapTotal, heapUsed, external, arrayBuffers };
}

/** What node reserves need not be resident: its parts are cut to what is, the used heap first. */
function partsOf(
  sample: RssSample,
  { heapTotal, heapUsed, external, arrayBuffers }: NodeMemory,
): [name: string, bytes: number][] {
  let rest = sample.anonymous;
  const part = (bytes: number): number => {
    const taken = Math.min(rest, Math.max(0, bytes));
    rest -= taken;
    return taken;
  };
  const parts: [string, number][] = [
    ['JavaScript heap: in use', part(heapUsed)],
    ['JavaScript: buffers', part(arrayBuffers)],
    ['JavaScript: other external memory', part(external - arrayBuffers)],
    ['JavaScript heap: free', part(heapTotal - heapUsed)],
  ];
  parts.push(
    ['native heap, stacks, code', rest],
    ['mapped files: programs and libraries', sample.file],
    ['shared memory', sample.shared],
  );
  return parts;
}
