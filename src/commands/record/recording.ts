import type { Artefact, CollectOptions, Subject } from '../../collectors/collector.ts';
import { collect } from '../../collectors/registry.ts';
import { EXIT, UserError } from '../../errors.ts';
import type { ReadChoices } from '../../formats/format.ts';
import type { Workload } from '../../load/workload.ts';
import { plural } from '../../plural.ts';
import { exitCodeOf, type TargetExit } from '../../processes/target.ts';
import { filter } from '../../profile/filter.ts';
import { withoutLauncher } from '../../profile/launcher.ts';
import { merge } from '../../profile/merge.ts';
import { oneNamePerThread } from '../../profile/one-name-per-thread.ts';
import type { Profile } from '../../profile/profile.ts';
import { loadExitCode, loadedPart } from './loaded-part.ts';
import { type Draw, Rehearsal } from './rehearsal.ts';

/** Fewer samples than this say little: a tenth of a second at the default frequency. */
const FEW_SAMPLES = 50;

/** A thread is only seen when it runs. */
const ASLEEP =
  'its threads slept all the time, and no wait began while it was recorded: record longer, or from its start';

/** How a recorded program ended. */
export interface End {
  /** What our own exit code is once the result is written. */
  readonly exitCode: number;
  /** e.g. `the program exited 7`; undefined when it ended well or the person ended it. */
  readonly ending: string | undefined;
}

/** A program that was recorded. */
export interface Recording extends End {
  readonly profile: Profile;
  /** The profiler's own files are removed while the profile is drawn; resolves when they are. */
  readonly disposed?: Promise<void>;
}

/**
 * Records a program or a process and reads what the profiler left.
 * @param choices how what was left is read
 * @param draw as for {@link Rehearsal}
 * @param workload of `options.attend`: the profile is that of the loaded time
 * @throws {UserError} 125 when there are no samples
 */
export async function record(
  choice: string,
  subject: Subject,
  options: CollectOptions,
  choices: ReadChoices,
  draw: Draw,
  workload?: Workload,
): Promise<Recording> {
  const rehearsal = new Rehearsal(choices, draw);
  // Under load the processors are needed by the server and by those who ask it
  const started = options.attend === undefined ? { started: rehearsal.started } : {};
  const artefact = await collect(choice, subject, { ...options, ...started }).finally(() => rehearsal.end());
  performance.mark('pforge-prof:recorded');
  // Before anything else can go wrong by it
  const loadCode = loadExitCode(workload, options.say);
  const pids = new Set<number>();
  try {
    const { readProfile } = await import('../../formats/registry.ts');
    const parts: Profile[] = [];
    const { recorded } = artefact;
    const { begun } = rehearsal;
    const readAs = { ...choices, ...(recorded && { recorded }), ...(begun && { begun }) };
    for (const file of artefact.files) {
      parts.push(await readProfile(file, { inputFormat: artefact.format, allowEmpty: true, choices: readAs }));
    }
    if (parts.length === 0) throw noSamples(artefact, options);
    let profile = parts.length === 1 ? parts[0]! : merge(parts);
    performance.mark('pforge-prof:read');
    if (artefact.everyEvent !== undefined) profile = asAsked(profile, artefact.everyEvent);
    if (artefact.preload !== undefined) profile = withoutPreload(profile, artefact.preload);
    for (const thread of profile.threads) pids.add(thread.pid);
    if (artefact.launcherPid !== undefined) profile = withoutLauncher(profile, artefact.launcherPid);
    if (workload !== undefined) profile = loadedPart(profile, workload);
    if (profile.samples.length === 0) throw noSamples(artefact, options);
    const { exitCode, ending } = endOf(artefact);
    const disposed = artefact.dispose(pids);
    // Told to whoever waits for it
    disposed.catch(() => {});
    return {
      profile: { ...profile, meta: completeMeta(profile, artefact, subject, options) },
      exitCode: exitCode || loadCode,
      ending,
      disposed,
    };
  } catch (error) {
    await artefact.dispose(pids);
    throw error;
  }
}

export function endOf(artefact: Artefact): End {
  return {
    exitCode: artefact.exit === undefined || artefact.stopped ? EXIT.ok : exitCodeOf(artefact.exit),
    ending: artefact.stopped ? undefined : describeEnding(artefact.exit),
  };
}

/** An event is called as it was asked for, not `context-switches:k` as perf had to be told. */
function asAsked(profile: Profile, event: string): Profile {
  const asked = event.replace(/:k$/, '');
  const valueTypes = profile.valueTypes.map((one) => (one.type === event ? { ...one, type: asked } : one));
  return { ...profile, valueTypes };
}

/** What we run inside the program is not the program's: its weight goes to whoever called it. */
function withoutPreload(profile: Profile, path: string): Profile {
  const own = new RegExp(`${path.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`, 'u');
  return filter(oneNamePerThread(profile), { hide: own }).profile;
}

function completeMeta(
  profile: Profile,
  artefact: Artefact,
  subject: Subject,
  options: CollectOptions,
): Profile['meta'] {
  const notes = [...artefact.notes, ...profile.meta.notes];
  // Waits are not sampled: each is there
  const bySecond = artefact.everyEvent === undefined;
  if (bySecond && !options.offCpu && profile.samples.length < FEW_SAMPLES) {
    const samples = profile.samples.length;
    notes.push(`only ${samples} ${plural(samples, 'sample')}: shares are rough; run longer or sample faster with -F`);
  }
  return {
    ...profile.meta,
    tool: artefact.collector,
    duration: artefact.duration,
    ...(bySecond ? { sampleInterval: 1e9 / options.frequency } : {}),
    ...('program' in subject ? { command: subject.program } : {}),
    notes,
  };
}

/** What to say where a recording holds no samples. */
export function noSamples(artefact: Artefact, options: CollectOptions): UserError {
  const seconds = (artefact.duration / 1e9).toPrecision(2);
  const ending = describeEnding(artefact.exit);
  const why = artefact.notes.at(-1) ?? (options.offCpu ? ASLEEP : undefined);
  const { everyEvent } = artefact;
  const what = everyEvent === undefined ? 'samples' : everyEvent.replace(/:.*/, '');
  const rate = everyEvent === undefined ? ` at ${options.frequency} Hz` : '';
  const faster = everyEvent === undefined ? ', or sample faster with -F' : '';
  return new UserError(
    `no ${what} in ${seconds} s${rate}${ending === undefined ? '' : ` (${ending})`}: nothing to draw`,
    {
      hint: why ?? `the program was idle or ended too soon: run it longer${faster}`,
      exitCode: EXIT.cannotCollect,
    },
  );
}

function describeEnding(exit: TargetExit | undefined): string | undefined {
  if (exit?.signal !== undefined) return `the program was killed by ${exit.signal}`;
  return exit?.code ? `the program exited ${exit.code}` : undefined;
}
