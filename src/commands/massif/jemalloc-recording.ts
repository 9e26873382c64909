import { basename, dirname, extname, join } from 'node:path';
import { type JemallocDump, type JemallocRun, limitsOf } from '../../collectors/jemalloc.ts';
import { jemallocAsMassif, jemallocCalls, type ReadDump } from '../../formats/massif/jemalloc-history.ts';
import { readProfile } from '../../formats/registry.ts';
import { openOutput } from '../../output.ts';
import type { AllocationCalls } from '../../profile/call-sites.ts';
import type { Profile } from '../../profile/profile.ts';
import { totalWeight } from '../../profile/total.ts';
import type { Progress } from '../../terminal/progress.ts';
import type { World } from '../../world.ts';
import { keepFile } from '../record/keep-file.ts';
import type { KeptRecording } from '../record/kept-recordings.ts';
import { endOf } from '../record/recording.ts';

/** A process that was recorded, with the dump that tells of it the longest. */
interface Process {
  readonly dumps: readonly JemallocDump[];
  readonly last: Profile;
  readonly allocated: number;
}

/**
 * Keeps what jemalloc left of a program: its dumps as one recording of the heap over time with names, and the last dump
 * as it was. Of several processes it is the one that allocated most.
 * @param path of the first; the dump stands beside it, as `.heap`
 */
export async function keepJemalloc(
  run: JemallocRun,
  program: readonly string[],
  path: string,
  world: World,
  progress: Progress,
): Promise<KeptRecording & { readonly calls: AllocationCalls }> {
  try {
    const processes: Process[] = [];
    for (const pid of new Set(run.dumps.map((dump) => dump.pid))) {
      const dumps = run.dumps.filter((dump) => dump.pid === pid);
      // Every stack is in the last one: what it needs to be named is known to the others then
      const last = await readDump(dumps.at(-1)!);
      processes.push({ dumps, last, allocated: totalWeight(last, 1) });
    }
    const { dumps, last } = processes.reduce((most, one) => (one.allocated > most.allocated ? one : most));
    const read: ReadDump[] = [];
    for (const dump of dumps) {
      read.push({ profile: dump === dumps.at(-1) ? last : await readDump(dump), time: dump.time });
    }
    const output = openOutput(path, world);
    const dumpPath = besides(path);
    const bytes =
      (await output.write(jemallocAsMassif(program, read))) +
      (await keepFile(dumps.at(-1)!.file, openOutput(dumpPath, world)));
    const end = endOf(run);
    const suffix = end.ending === undefined ? '' : `; ${end.ending}`;
    progress.say(`kept ${path} ${dumpPath} (${Math.ceil(bytes / 1024)} KiB)${suffix}`);
    const others =
      processes.length > 1 ? [`of ${processes.length} processes that were recorded, the one that allocated most`] : [];
    const notes = [...run.notes, ...last.meta.notes, ...limitsOf(dumps), ...others];
    return { ...end, path, notes, calls: jemallocCalls(last, run.duration) };
  } finally {
    await run.dispose();
  }
}

function readDump({ file }: JemallocDump): Promise<Profile> {
  return readProfile(file, { inputFormat: 'pprof-legacy', allowEmpty: true });
}

function besides(path: string): string {
  return join(dirname(path), `${basename(path, extname(path))}.heap`);
}
