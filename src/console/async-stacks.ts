import { ProfileBuilder } from '../profile/builder.ts';
import type { Kind, Profile } from '../profile/profile.ts';
import type { ConsoleSnapshot, SourcePlace, TaskRow } from './snapshot.ts';

/** What an async stack can weigh; the last is the default of the profile. */
export const ASYNC_WEIGHTS = ['waiting', 'busy'] as const;
export type AsyncWeight = (typeof ASYNC_WEIGHTS)[number];

/**
 * Async stacks: who created the task that was busy, or waited. From the root on there are, for each task of the chain of
 * creators, the calls in which it was created, outermost first, and a frame for the task itself. Weights are nanoseconds:
 * busy on the loop, waiting off it.
 * @param weight the profile's default
 */
export function asyncProfile(snapshot: ConsoleSnapshot, weight: AsyncWeight = 'busy'): Profile {
  const order = weight === 'busy' ? ASYNC_WEIGHTS : [...ASYNC_WEIGHTS].reverse();
  const builder = new ProfileBuilder(order.map((type) => ({ type, unit: 'nanoseconds' })));
  const stacks = new TaskStacks(snapshot.tasks, builder);
  const threads = new Map<number, number>();
  const { target, notes, tasks } = snapshot;
  for (const task of tasks) {
    const waiting = Math.max(0, task.idle + task.scheduled);
    if (waiting <= 0 && task.busy <= 0) continue;
    const number = task.thread ?? 0;
    let thread = threads.get(number);
    if (thread === undefined) {
      const name = number === 0 ? 'main' : `worker ${number}`;
      thread = builder.thread({ pid: target.pid ?? -1, tid: number, process: target.title, name });
      threads.set(number, thread);
    }
    const weights = { waiting, busy: Math.max(0, task.busy) };
    builder.sample(
      stacks.of(task),
      order.map((type) => weights[type]),
      undefined,
      thread,
    );
  }
  return builder.build({
    tool: `pforge-prof console (${target.source})`,
    command: [target.title],
    notes: [
      ...notes,
      ...(tasks.some(({ isEstimate }) => isEstimate)
        ? ['times are scaled up from short windows; console --all sees every operation']
        : []),
    ],
  });
}

/** The stack of each task, made once. */
class TaskStacks {
  private readonly byId: ReadonlyMap<string, TaskRow>;
  private readonly builder: ProfileBuilder;
  private readonly made = new Map<string, number>();

  constructor(tasks: readonly TaskRow[], builder: ProfileBuilder) {
    this.byId = new Map(tasks.map((task) => [task.id, task]));
    this.builder = builder;
  }

  of(task: TaskRow): number {
    // From the task up to the first creator whose stack there is, or that has none, or that closes a circle
    const chain: TaskRow[] = [];
    const open = new Set<string>();
    let stack = -1;
    for (let one: TaskRow | undefined = task; one !== undefined && !open.has(one.id); ) {
      const known = this.made.get(one.id);
      if (known !== undefined) {
        stack = known;
        break;
      }
      chain.push(one);
      open.add(one.id);
      one = one.parent === undefined ? undefined : this.byId.get(one.parent);
    }
    for (const one of chain.reverse()) {
      stack = this.below(stack, one);
      this.made.set(one.id, stack);
    }
    return stack;
  }

  private below(parent: number, task: TaskRow): number {
    const { builder } = this;
    const calls = task.stack.length > 0 ? task.stack : task.place === undefined ? [] : [task.place];
    let stack = parent;
    for (const place of [...calls].reverse()) {
      if (place.function === '' && place.file === '') continue;
      const file = place.file === '' ? {} : { file: place.file };
      const name = place.function || '(anonymous)';
      stack = builder.stack(
        stack,
        builder.frame({ name, ...file, line: place.line, column: place.column, kind: kindOf(place) }),
      );
    }
    const own = calls.length === 0 && task.name !== '' ? ` ${task.name}` : '';
    return builder.stack(stack, builder.frame({ name: `async ${task.kind}${own}`, kind: 'runtime' }));
  }
}

function kindOf({ file }: SourcePlace): Kind {
  if (file.startsWith('node:') || file === '') return 'runtime';
  return /[/\\](?:node_modules|\.cargo|registry)[/\\]/.test(file) ? 'dependency' : 'app';
}
