import { EXIT, UserError } from '../../errors.ts';
import type { GrowthLimits } from '../../heap/growth.ts';
import { openOutput } from '../../output.ts';
import { formatValue } from '../../profile/units.ts';
import { type LeakHunt, leakHuntJson, leakHuntText, suspectedGrowth } from '../../render/heap-snapshot/leak-report.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { workloadOf } from '../load/options.ts';
import { wrote } from '../wrote.ts';
import { compareFiles } from './diff.ts';
import type { HeapLeakOptions } from './leak-options.ts';
import { huntedSnapshots } from './leak-rounds.ts';
import { textOrJson } from './text-format.ts';
import { askedViews } from './view-options.ts';

/** A load is thousands of requests: what leaks does so often, and a few objects more are none. */
const MANY: GrowthLimits = { leastCount: 10, leastBytes: 1024, muchBytes: 64 * 1024 };
/** An action may leave one object behind. */
const FEW: GrowthLimits = { leastCount: 1, leastBytes: 64 };

/** Has a program do the same again and again, and tells what grows with it. */
export async function huntLeaks(call: Call, words: readonly string[], options: HeapLeakOptions): Promise<number> {
  const { world, shared, program } = call;
  if (words.length > 0) {
    throw new UserError(`heap leak reads no files (${words[0]})`, { hint: 'pforge-prof heap diff compares snapshots' });
  }
  checkUsage(call, options);
  const format = textOrJson(call, options, 'the verdict');
  const output = openOutput(options.output ?? '-', world);
  return guarded(call, async (progress) => {
    // The first load is the warm-up; one within each would not be counted
    const workload = await workloadOf(
      options.load === undefined ? options : { ...options, loadWarmup: 0 },
      program,
      progress,
    );
    const hunted = await huntedSnapshots(call, options, workload, progress);
    try {
      const limits = options.action === undefined ? MANY : FEW;
      const comparison = await compareFiles(hunted.files, limits, world, progress, hunted.names);
      const { each, requests, kept } = hunted;
      const hunt: LeakHunt = {
        ...{ comparison, each },
        ...(requests === undefined ? {} : { requests }),
        ...(kept === undefined ? {} : { kept }),
      };
      for (const note of comparison.notes) progress.say(`note: ${note}`);
      const { limit, color } = options;
      const look = { ...textLook(world, output.isStdout, color), ...(limit === undefined ? {} : { limit }) };
      const json = `${JSON.stringify(leakHuntJson(hunt), null, 2)}\n`;
      const size = await output.write([format === 'json' ? json : leakHuntText(hunt, look)]);
      if (!output.isStdout) progress.say(wrote(output, size));
      if (shared.json && format !== 'json') await openOutput('-', world).write([json]);
      return gate(hunt, options.failOnGrowth, progress);
    } finally {
      await hunted.dispose();
    }
  });
}

/** @throws {UserError} contradictions */
function checkUsage({ program }: Call, options: HeapLeakOptions): void {
  const { pid, load, action, interval, keep } = options;
  if (program === undefined && pid === undefined) {
    throw new UserError('heap leak needs a program', {
      hint: 'pforge-prof heap leak --load /path -- node server.js, or --pid with --action or --interval',
    });
  }
  if (program !== undefined && pid !== undefined) throw new UserError('give only one of: a program after --, --pid');
  const ways = [load, action, interval].filter((way) => way !== undefined).length;
  if (ways > 1) throw new UserError('give only one of: --load, --action, --interval');
  const view = askedViews(options).find((name) => name !== '--redact');
  if (view !== undefined) throw new UserError(`${view} is a view of one snapshot`, { hint: 'leave it out' });
  if (options.redact && keep === undefined) {
    throw new UserError('--redact is for snapshots that are kept', { hint: 'add --keep FOLDER' });
  }
  if (options.live || options.snapshot) {
    throw new UserError(`heap leak takes snapshots: it has no --${options.live ? 'live' : 'snapshot'}`);
  }
}

/** What is suspected counts, and only its last round: all else is noise. */
function gate(hunt: LeakHunt, most: number | undefined, progress: Progress): number {
  if (most === undefined) return EXIT.ok;
  const grown = suspectedGrowth(hunt);
  const failed = grown > most;
  const words = grown === 0 ? 'nothing is suspected' : `what is suspected grew by ${formatValue(grown, 'bytes')}`;
  progress.say(
    `${failed ? 'failed' : 'passed'}: ${words} in the last round; ${formatValue(most, 'bytes')} are allowed`,
  );
  return failed ? EXIT.gateFailed : EXIT.ok;
}
