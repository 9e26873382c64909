import { expect, test } from 'vitest';
import { Maker, type Part, SAMPLE_ID_ALL, text, u16, u32, u64 } from './made-recording.ts';
import { readAll } from './read-all.ts';

const made = new Maker(true);
const TYPE = { mmap: 1, comm: 3, exit: 4, fork: 7, sample: 9, mmap2: 10, ksymbol: 17, round: 68 };
const KERNEL = 1;
const USER = 2;
const EXEC = 1 << 13;

/** IP, TID, TIME; every other record ends in pid, tid, time. */
const attributes = [{ sampleType: 7, flags: [SAMPLE_ID_ALL] }];
const stamp = (time: number): Part[] => [u32(0), u32(0), u64(time)];

const sample = (time: number, pid: number, ip: number | bigint, tid = pid, mode = USER): Buffer =>
  made.record(TYPE.sample, mode, u64(ip), u32(pid), u32(tid), u64(time));
const mmap = (time: number, pid: number, start: number, size: number, path: string, offset = 0): Buffer =>
  made.record(TYPE.mmap, USER, u32(pid), u32(pid), u64(start), u64(size), u64(offset), text(path), ...stamp(time));
const comm = (time: number, pid: number, name: string, flags = 0, tid = pid): Buffer =>
  made.record(TYPE.comm, flags, u32(pid), u32(tid), text(name), ...stamp(time));
const fork = (time: number, parent: number, child: number, flags = 0, tid = child): Buffer =>
  made.record(TYPE.fork, flags, u32(child), u32(parent), u32(tid), u32(parent), u64(time), ...stamp(time));
const round = made.record(TYPE.round, 0);

const read = (...records: Buffer[]) => readAll(made.file({ attributes, records }));

/** What stands at each sample's ip: `path+offset`. */
async function placesOf(...records: Buffer[]): Promise<string[]> {
  const { samples, notes } = await read(...records);
  expect(notes).toEqual([]);
  return samples.map(({ ip, space, comm: name }) => {
    const mapping = space.find(ip);
    return `${name} ${mapping ? `${mapping.path}+${ip - mapping.start + mapping.offset}` : '?'}`;
  });
}

test('a fork has the mappings that its parent had then', async () => {
  const places = await placesOf(
    ...[comm(1, 10, 'sh'), mmap(2, 10, 0x1000, 0x1000, '/bin/sh', 0x100), fork(3, 10, 11)],
    ...[mmap(4, 10, 0x3000, 0x1000, '/parent'), mmap(5, 11, 0x3000, 0x1000, '/child')],
    ...[sample(6, 10, 0x3000), sample(7, 11, 0x3000), sample(8, 11, 0x1008), sample(9, 10, 0x1008)],
  );
  expect(places).toEqual(['sh /parent+0', 'sh /child+0', 'sh /bin/sh+264', 'sh /bin/sh+264']);
});

test('a process that was there before perf looked has only what perf says of it', async () => {
  const places = await placesOf(
    ...[comm(0, 10, 'old'), mmap(0, 10, 0x1000, 0x1000, '/bin/old'), fork(0, 10, 11, EXEC)],
    ...[mmap(0, 11, 0x5000, 0x1000, '/bin/new'), sample(5, 11, 0x1000), sample(6, 11, 0x5000)],
  );
  expect(places).toEqual(['old ?', 'old /bin/new+0']);
});

test('exec makes another program of a process', async () => {
  const records = [
    ...[comm(1, 10, 'sh'), mmap(2, 10, 0x1000, 0x2000, '/bin/sh'), comm(3, 10, 'ls', EXEC)],
    ...[sample(4, 10, 0x1800), mmap(5, 10, 0x1000, 0x1000, '/bin/ls'), sample(6, 10, 0x1800), sample(7, 10, 0x2800)],
  ];
  // In execve itself the stack still shows the old program, as perf script has it
  expect(await placesOf(...records)).toEqual(['ls /bin/sh+2048', 'ls /bin/ls+2048', 'ls /bin/sh+6144']);
  const { samples } = await read(...records);
  expect(samples.map(({ space }) => space.mappings.map(({ path }) => path))).toEqual([[], ['/bin/ls'], ['/bin/ls']]);
});

test('threads share mappings and have names of their own', async () => {
  const places = await placesOf(
    ...[comm(1, 10, 'main'), fork(2, 10, 10, 0, 12), mmap(3, 10, 0x1000, 0x1000, '/bin/main')],
    ...[sample(4, 10, 0x1000, 12), comm(5, 10, 'worker', 0, 12), sample(6, 10, 0x1000, 12), sample(7, 10, 0x1000)],
  );
  expect(places).toEqual(['main /bin/main+0', 'worker /bin/main+0', 'main /bin/main+0']);
});

test('a new mapping lies over older ones, of which the edges stay', async () => {
  const { samples } = await read(
    ...[mmap(1, 10, 0x1000, 0x3000, '/old', 0x40), sample(2, 10, 0x1000), mmap(3, 10, 0x2000, 0x1000, '/new', 0x80)],
    sample(4, 10, 0x1000),
  );
  const mappings = samples.map(({ space }) =>
    space.mappings.map(({ start, end, offset, path }) => [start, end, offset, path]),
  );
  expect(mappings[0]).toEqual([[0x1000, 0x4000, 0x40, '/old']]);
  expect(mappings[1]).toEqual([
    [0x1000, 0x2000, 0x40, '/old'],
    [0x2000, 0x3000, 0x80, '/new'],
    [0x3000, 0x4000, 0x2040, '/old'],
  ]);
});

test('records count at their time, not where they stand in the file', async () => {
  const places = await placesOf(
    // The buffer of one processor, then that of another
    ...[comm(5, 10, 'late'), sample(6, 10, 0x1000), sample(9, 10, 0x1000)],
    ...[comm(1, 10, 'early'), mmap(2, 10, 0x1000, 0x1000, '/one'), sample(3, 10, 0x1000)],
    round,
    ...[sample(10, 10, 0x1000), mmap(8, 10, 0x1000, 0x1000, '/two')],
    round,
    sample(11, 10, 0x1000),
  );
  expect(places).toEqual(['early /one+0', 'late /one+0', 'late /two+0', 'late /two+0', 'late /two+0']);
});

test('samples before any record of their process arrive', async () => {
  expect(await placesOf(sample(1, 10, 0x1000), sample(2, 0, 0x1000))).toEqual([':10 ?', 'swapper ?']);
});

test('the kernel is mapped in every process', async () => {
  const start = 0xffff_ffff_8100_0000n;
  const kernel = (time: number, at: bigint, size: number, path: string): Buffer =>
    made.record(TYPE.mmap, KERNEL, u32(-1), u32(0), u64(at), u64(size), u64(at), text(path), ...stamp(time));
  const { samples } = await read(
    ...[kernel(0, start, 0x100_0000, '[kernel.kallsyms]_text'), kernel(0, 0xffff_ffff_c000_0000n, 0x1000, '[ext4]')],
    ...[sample(5, 10, start + 0x10n, 10, KERNEL), sample(6, 11, 0xffff_ffff_c000_0010n, 11, KERNEL)],
  );
  expect(samples.map(({ ip, space }) => space.find(ip)?.path)).toEqual(['[kernel.kallsyms]', '[ext4]']);
  expect(samples[0]!.space.find(samples[0]!.ip)).toMatchObject({
    start: 0x8100_0000 - 2 ** 32,
    end: 0x8200_0000 - 2 ** 32,
  });
  expect(samples.every(({ kernelIp }) => kernelIp)).toBe(true);
});

test('code that the kernel makes comes and goes', async () => {
  const at = 0xffff_ffff_c100_0000n;
  const symbol = (time: number, flags: number): Buffer =>
    made.record(TYPE.ksymbol, 0, u64(at), u32(0x40), u16(1), u16(flags), text('bpf_prog_x'), ...stamp(time));
  const places = await placesOf(
    ...[sample(1, 10, at), symbol(2, 0), sample(3, 10, at + 8n), symbol(4, 1), sample(5, 10, at)],
  );
  expect(places).toEqual([':10 ?', ':10 bpf_prog_x+8', ':10 ?']);
});

test('build-ids come with mappings or for paths', async () => {
  const id = Buffer.alloc(20, 0xef);
  const withId = made.record(
    ...[TYPE.mmap2, USER | (1 << 14), u32(10), u32(10), u64(0x1000), u64(0x1000), u64(0)],
    ...[Buffer.from([20, 0, 0, 0]), id, u32(5), u32(2), text('/own'), ...stamp(1)],
  );
  const byInode = made.record(
    ...[TYPE.mmap2, USER, u32(10), u32(10), u64(0x2000), u64(0x1000), u64(0)],
    ...[u32(8), u32(1), u64(1234), u64(0), u32(3), u32(2), text('/listed'), ...stamp(1)],
  );
  const listed = made.record(67, 0, u32(-1), Buffer.alloc(20, 0x12), u32(0), text('/listed'));
  const { samples } = await read(withId, byInode, sample(2, 10, 0x1000), listed);
  const [own, other] = samples[0]!.space.mappings;
  expect(own).toMatchObject({ path: '/own', executable: true, buildId: 'ef'.repeat(20) });
  expect(other).toMatchObject({ path: '/listed', executable: false, buildId: '12'.repeat(20) });
});
