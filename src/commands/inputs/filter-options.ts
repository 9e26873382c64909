import type { Command as CommanderCommand } from 'commander';
import { UserError } from '../../errors.ts';
import { type Filtered, filter } from '../../profile/filter.ts';
import { matchingFrames } from '../../profile/matching-frames.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { redactArguments, redactPaths } from '../../profile/redact.ts';
import { selectSamples } from '../../profile/select-samples.ts';
import { totalWeight } from '../../profile/total.ts';
import { formatPercent } from '../../profile/units.ts';
import { timeLimited } from '../options/time-limited.ts';
import { number, regexp, type TimeSpan, timeSpan } from '../options/values.ts';
import { type CollapseOptions, changesFrames } from './collapse-options.ts';

/** Which part of a profile is looked at; names as commander makes them. */
export interface FilterOptions {
  readonly focus?: RegExp;
  readonly ignore?: RegExp;
  readonly hide?: RegExp;
  readonly thread?: RegExp;
  readonly time?: TimeSpan;
  readonly pid?: number;
  readonly redactArgs?: true;
  readonly redactPaths?: true;
}

export function addFilterOptions(command: CommanderCommand): CommanderCommand {
  return command
    .optionsGroup('What of the samples:')
    .option('--focus <regexp>', 'only stacks with a matching frame', regexp)
    .option('--ignore <regexp>', 'no stacks with a matching frame', regexp)
    .option('--hide <regexp>', 'leave matching frames out of the stacks', regexp)
    .option('--thread <regexp>', 'only threads (or processes) with a matching name', regexp)
    .option('--time <from..to>', 'only these seconds since the first sample: 1.5..3, 2.. or ..10', timeSpan)
    .option('--redact-args', "for sharing: leave out the values of the program's arguments, and the host's name")
    .option('--redact-paths', 'for sharing: leave out where files lie, but for their last folder');
}

/** For commands in which `--pid` and `--event` do not mean what to record. */
export function addReadingFilters(command: CommanderCommand): CommanderCommand {
  return command
    .option('--pid <pid>', 'only this process', number({ min: 0, max: 2 ** 31, whole: true }))
    .option('-e, --event <name>', 'only samples of this event: another word for --event-filter');
}

/** The options with `--event` under its other name. */
export function withEventFilter<Options extends { readonly event?: string; readonly eventFilter?: string }>(
  options: Options,
): Options {
  const { event, eventFilter = event } = options;
  return eventFilter === undefined ? options : { ...options, eventFilter };
}

/** Whether all samples and frames are wanted as they are read: then nobody needs the whole profile. */
export function takesAll(options: FilterOptions & CollapseOptions): boolean {
  const { focus, ignore, hide, thread, time, pid, compat, eventFilter, offCpu, wall } = options;
  const { redactArgs, redactPaths } = options;
  const wishes = [focus, ignore, hide, thread, time, pid, compat, eventFilter, offCpu, wall, redactArgs, redactPaths];
  return wishes.every((wish) => wish === undefined) && !changesFrames(options);
}

/**
 * Applies the options; a note says how much of the weight they left out.
 * @throws {UserError} no sample is left, or the profile knows no threads or times to choose by
 */
export function select(profile: Profile, options: FilterOptions): Profile {
  // Last: a person looks for names as they are
  const chosen = choose(profile, options);
  const withPaths = options.redactArgs ? redactArguments(chosen) : chosen;
  return options.redactPaths ? redactPaths(withPaths) : withPaths;
}

/** Whether what a person asked for can be matched in time. Once more than needed: it is a small part of what follows. */
function checkPatterns(
  profile: Profile,
  { thread, frames }: { readonly thread: RegExp | undefined; readonly frames: readonly (RegExp | undefined)[] },
): void {
  timeLimited(thread, () => profile.threads.filter(({ name, process }) => thread?.test(name) || thread?.test(process)));
  for (const pattern of frames) timeLimited(pattern, () => pattern && matchingFrames(profile, pattern));
}

function choose(profile: Profile, { focus, ignore, hide, thread, time, pid }: FilterOptions): Profile {
  let selected = profile;
  checkPatterns(profile, { thread, frames: [focus, ignore, hide] });
  const byThread = [...(thread ? ['--thread'] : []), ...(pid === undefined ? [] : ['--pid'])];
  const bySample = [...byThread, ...(time ? ['--time'] : [])];
  if (bySample.length > 0) {
    if (byThread.length > 0 && !profile.samples.thread) throw unknownTo(byThread[0]!, 'thread');
    if (time && !profile.samples.time) throw unknownTo('--time', 'time');
    const chosen = selectSamples(selected, {
      ...(thread ? { thread } : {}),
      ...(pid === undefined ? {} : { pid }),
      ...time,
    });
    selected = noted(selected, chosen, bySample.join(' and '));
    if (selected.samples.length === 0) {
      throw new UserError('no sample is left', { hint: `check ${bySample.join(' and ')} against the recording` });
    }
  }
  if (focus === undefined && ignore === undefined && hide === undefined) return selected;
  const narrowed = filter(selected, {
    ...(focus === undefined ? {} : { focus }),
    ...(ignore === undefined ? {} : { ignore }),
    ...(hide === undefined ? {} : { hide }),
  });
  selected = noted(selected, narrowed, '--focus and --ignore');
  if (selected.samples.length === 0) {
    throw new UserError('no sample is left', { hint: 'check --focus and --ignore against the names in the graph' });
  }
  return selected;
}

function unknownTo(flag: string, what: string): UserError {
  return new UserError(`${flag} cannot choose: the recording does not tell the ${what} of its samples`, {
    hint: `leave ${flag} out, or give a recording that holds them (perf.data, .cpuprofile)`,
  });
}

function noted(before: Profile, { profile, dropped }: Filtered, flags: string): Profile {
  const lost = dropped[defaultValueIndex(before)]!;
  if (lost === 0) return profile;
  const note = `${flags} left out ${formatPercent(lost, totalWeight(before), 1)} of the weight`;
  return { ...profile, meta: { ...profile.meta, notes: [...profile.meta.notes, note] } };
}
