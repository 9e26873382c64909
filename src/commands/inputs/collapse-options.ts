import { type Command as CommanderCommand, Option } from 'commander';
import { UserError } from '../../errors.ts';
import { DIALECTS, type Dialect, type DialectChoices } from '../../formats/format.ts';
import { type Annotation, annotate } from '../../profile/annotate.ts';
import { foldRecursion } from '../../profile/fold-recursion.ts';
import { byOffCpu } from '../../profile/off-cpu.ts';
import { onlyValueType } from '../../profile/only-value-type.ts';
import type { Profile } from '../../profile/profile.ts';
import { skipAfter } from '../../profile/skip-after.ts';
import { rootByThread, type ThreadMode } from '../../profile/threads.ts';
import { byWallClock } from '../../profile/wall-clock.ts';
import { snapshotChoice } from '../heap/tools.ts';
import { collected } from '../options/values.ts';

/** How stacks are written, as stackcollapse-perf.pl and inferno-collapse-perf have it; names as commander makes them. */
export interface CollapseOptions {
  readonly pids?: boolean;
  readonly tids?: boolean;
  readonly kernel?: boolean;
  readonly jit?: boolean;
  readonly inline?: boolean;
  readonly all?: boolean;
  readonly eventFilter?: string;
  readonly skipAfter?: readonly string[];
  readonly addrs?: boolean;
  readonly compat?: Dialect;
  readonly modules?: boolean;
  readonly foldRecursion?: boolean;
  readonly context?: boolean;
  readonly via?: 'perf-script';
  readonly symfs?: string;
  readonly offCpu?: boolean;
  readonly wall?: boolean;
  readonly sourceMaps?: boolean;
  readonly side?: 'before' | 'after';
  readonly snapshot?: number | 'peak';
}

export function addCollapseOptions(command: CommanderCommand): CommanderCommand {
  return command
    .option('--event-filter <name>', 'weigh by this event alone (default: the one with the most samples)')
    .option('--off-cpu', 'weigh by the time in which threads waited, by the stack that they waited in')
    .option('--wall', 'weigh by all time: on the CPU, waiting (leaf [off-cpu]) and [preempted]')
    .optionsGroup('Stacks and frames:')
    .option('--pids', 'the root frame is the command with its process: node-12')
    .option('--tids', 'the root frame is the command with its process and thread: node-12/13')
    .option('--skip-after <function>', 'leave out what calls this function; may be given several times', collected)
    .option('--fold-recursion', 'frames that repeat directly become one')
    .option('--inline', 'show and mark (_[i]) inlined functions, by the debug information of binaries')
    .option('--context', 'with --inline: the line of the source too')
    .option('--kernel', 'mark kernel frames with _[k]')
    .option('--jit', 'mark frames of just-in-time compilers with _[j]')
    .option('--all', 'the same as --kernel --jit --inline')
    .option('--addrs', 'frames without a name carry their address: [libc.so.6 <7f1e214c24d9>]')
    .option('--no-source-maps', 'JavaScript as it ran, not as it was written')
    .optionsGroup('How inputs are read:')
    .addOption(
      new Option(
        '--compat <tool>',
        'the very stacks of stackcollapse-perf.pl (perl), inferno-collapse-* (inferno)',
      ).choices(DIALECTS),
    )
    .option('--no-modules', 'with --compat inferno, of sample and vtune: names without their module')
    .addOption(
      new Option('--via <tool>', 'read perf.data files by this tool, not by ourselves').choices(['perf-script']),
    )
    .option('--symfs <folder>', 'look for the binaries of a perf.data file below this folder')
    .addOption(
      new Option('--side <side>', 'which profile of a differential picture to read (default: after)').choices([
        'before',
        'after',
      ]),
    )
    .option('--snapshot <which>', 'of a heap over time: its number, or peak (default: the largest)', snapshotChoice);
}

/**
 * What of the options concerns reading.
 * @throws {UserError} --no-modules without --compat inferno, --context without --inline, an option that the
 *   tool of --compat has not
 */
export function readChoices(options: CollapseOptions): { choices: DialectChoices; dialect?: Dialect } {
  const { compat, addrs, pids, tids, all, kernel, jit, eventFilter, skipAfter, modules, inline, context } = options;
  const { via, symfs, side, snapshot } = options;
  checkWaits(options);
  if (modules === false && compat !== 'inferno') throw new UserError('--no-modules goes with --compat inferno');
  const frames = {
    addresses: addrs === true,
    inlined: inline === true,
    context: context === true,
    ...(via === undefined ? {} : { via }),
    ...(symfs === undefined ? {} : { symfs }),
    ...(side === undefined ? {} : { side }),
    ...(snapshot === undefined ? {} : { snapshot }),
  };
  if (compat === undefined && context && !inline) throw new UserError('--context goes with --inline');
  if (compat === undefined) return { choices: frames };
  // Options that the other tool has not: the text could not be its own
  const foreign = compat === 'perl' ? skipAfter && '--skip-after' : inline ? '--inline' : context && '--context';
  if (foreign) throw new UserError(`--compat ${compat} has no ${foreign}`);
  const choices = {
    ...frames,
    modules: modules !== false,
    pids: pids === true,
    tids: tids === true,
    kernel: kernel === true || all === true,
    jit: jit === true || all === true,
    ...(eventFilter === undefined ? {} : { eventFilter }),
    ...(skipAfter === undefined ? {} : { skipAfter }),
  };
  return { choices, dialect: compat };
}

/** @throws {UserError} --off-cpu or --wall with an option that hides waits, or with another choice of weight */
function checkWaits({ offCpu, wall, compat, via, eventFilter }: CollapseOptions): void {
  const option = wall ? '--wall' : '--off-cpu';
  if (!offCpu && !wall) return;
  if (offCpu && wall) throw new UserError('give only one of: --off-cpu, --wall');
  if (eventFilter !== undefined) throw new UserError(`give only one of: ${option}, --event-filter`);
  const byText = compat ? '--compat' : via ? '--via' : undefined;
  if (byText === undefined) return;
  throw new UserError(`${option} and ${byText} do not go together`, {
    hint: 'the text of perf script, which that reads, does not say how long threads waited',
  });
}

/**
 * The profile by the weight of `--off-cpu`, `--wall` or `--event-filter`. With `--compat`, reading has chosen it.
 * @throws {UserError} there is no such event, or no waits
 */
export function chooseEvent(profile: Profile, { eventFilter, compat, offCpu, wall }: CollapseOptions): Profile {
  if (offCpu) return byOffCpu(profile);
  if (wall) return byWallClock(profile);
  if (eventFilter === undefined || compat !== undefined) return profile;
  const { valueTypes } = profile;
  let index = valueTypes.findLastIndex(({ type }) => type === eventFilter);
  // `cycles:ppp` asks for `cycles`: modifiers are no part of a value type's name.
  if (index < 0) index = valueTypes.findLastIndex(({ type }) => type === eventFilter.replace(/:[a-zA-Z]*$/, ''));
  if (index < 0) {
    throw new UserError(`no event ${eventFilter} in the recording`, {
      hint: `it has ${valueTypes.map(({ type }) => type).join(', ')}`,
    });
  }
  const chosen = onlyValueType(profile, index);
  if (chosen.samples.length === 0) throw new UserError(`no sample of ${eventFilter} in the recording`);
  return chosen;
}

/**
 * The stacks as the options want them. With `--compat` they are so already.
 * @param roots how threads become root frames where neither `--pids` nor `--tids` is given; undefined = not at all
 * @param place see {@link annotate}
 */
export function collapse(
  profile: Profile,
  options: CollapseOptions,
  roots: ThreadMode | undefined,
  place: 'name' | 'label' = 'name',
): Profile {
  const folded = options.foldRecursion ? foldRecursion : (same: Profile) => same;
  if (options.compat !== undefined) return folded(profile);
  const mode = rootMode(options, roots);
  let collapsed = mode === undefined ? profile : rootByThread(profile, mode);
  // After the roots: inferno leaves out the command as well.
  if (options.skipAfter !== undefined) collapsed = skipAfter(collapsed, new Set(options.skipAfter));
  const marks = new Set<Annotation>();
  if (options.kernel || options.all) marks.add('k');
  if (options.jit || options.all) marks.add('j');
  if (options.inline || options.all) marks.add('i');
  return folded(marks.size === 0 ? collapsed : annotate(collapsed, marks, place));
}

/** How threads become root frames. */
export function rootMode<Default>({ tids, pids }: CollapseOptions, otherwise: Default): 'tid' | 'pid' | Default {
  return tids ? 'tid' : pids ? 'pid' : otherwise;
}

/** Whether {@link collapse} does more than to add root frames. */
export function changesFrames(options: CollapseOptions): boolean {
  const { skipAfter, kernel, jit, inline, all, foldRecursion } = options;
  return skipAfter !== undefined || [kernel, jit, inline, all, foldRecursion].includes(true);
}
