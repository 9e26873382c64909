import { ProfileBuilder } from '../../profile/builder.ts';
import { nativeKind } from '../../profile/kind.ts';
import type { Profile, ValueType } from '../../profile/profile.ts';
import type { Input, Notes } from '../format.ts';
import { textLines } from '../text/lines.ts';
import { estimateStacks } from './call-graph-stacks.ts';
import { type CallgrindFunction, CallgrindReader } from './lines.ts';

/** Stacks of a call graph; what had to be estimated is in the notes. */
export async function readCallgrind(input: Input, notes: Notes): Promise<Profile> {
  const reader = new CallgrindReader(input);
  for await (const lines of textLines(input)) {
    for (let i = 0; i < lines.length; i++) reader.line(lines[i]!);
  }
  const { graph, functions, events, creator, command } = reader.end(notes);

  const types = events.map(valueType);
  const builder = new ProfileBuilder(firstLast(types.map(({ type, unit }) => ({ type, unit }))));
  const frames = functions.map((words) => frameOf(builder, words));
  const thread = (at: number): number | undefined => {
    const { pid, thread: number } = functions[at]!;
    if (number < 0) return undefined;
    return builder.thread({ pid, tid: -1, process: processName(command), name: `thread ${number}` });
  };
  const { cutCalls, otherCallers } = estimateStacks(graph, {
    stack: (caller, at) => builder.stack(caller, frames[at]!),
    otherCallers: (at) => builder.stack(builder.stack(-1, builder.frame({ name: '(other callers)' })), frames[at]!),
    sample: (stack, at, costs) => {
      const values = types.map(({ factor }, event) => costs[event]! * factor);
      builder.sample(stack, firstLast(values), undefined, thread(at));
    },
  });
  if (graph.caller.length > 0) {
    notes.add('callgrind output holds calls, not stacks: callers further up than the next are estimated');
  }
  if (cutCalls > 0) notes.add(`recursive calls, drawn without the recursion: ${cutCalls}`);
  if (otherCallers > 0) {
    const percent = (otherCallers * 100).toPrecision(2);
    notes.add(`(other callers): ${percent} % of the cost, spread over chains of callers that are too many to draw`);
  }
  return builder.build({
    tool: creator || 'callgrind',
    ...(command === '' ? {} : { command: command.split(/\s+/) }),
    notes: notes.list,
  });
}

function frameOf(builder: ProfileBuilder, { name, file, object }: CallgrindFunction): number {
  const known = (text: string) => (text === '???' ? '' : text);
  const module = known(object);
  return builder.frame({
    name: known(name),
    file: known(file),
    module,
    kind: module === '' ? 'unknown' : nativeKind(name, module),
  });
}

/** The default weight is the last value type, callgrind's main event the first. */
function firstLast<T>(list: readonly T[]): T[] {
  return [...list.slice(1), ...list.slice(0, 1)];
}

function processName(command: string): string {
  const program = command.split(/\s/, 1)[0]!;
  return program.slice(program.lastIndexOf('/') + 1);
}

/** `Ir` are counts; Xdebug writes units behind the name (`Memory_(bytes)`), valgrind's `--xtree-memory` `curB`. */
function valueType(event: string): ValueType & { readonly factor: number } {
  const [, type, unit] = /^(.+?)_\((10ns|ns|bytes)\)$/.exec(event) ?? [];
  if (type === undefined)
    return { type: event, unit: /^(?:cur|tot|totFd)B$/.test(event) ? 'bytes' : 'count', factor: 1 };
  if (unit === 'bytes') return { type, unit, factor: 1 };
  return { type, unit: 'nanoseconds', factor: unit === '10ns' ? 10 : 1 };
}
