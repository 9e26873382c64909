import { Int32Column, PairInterner } from '../../profile/columns.ts';

/** What some profilers give in place of stacks: functions with their own cost, and who calls whom at what cost. */
export interface CallGraph {
  readonly functionCount: number;
  /** By function: cost by event. */
  readonly self: readonly Float64Array[];
  /** By call (a pair of functions): the caller and the callee. */
  readonly caller: Int32Array;
  readonly callee: Int32Array;
  /** By call: how often. */
  readonly calls: readonly number[];
  /** By call: cost by event of the callee and all below it, on behalf of this caller. */
  readonly inclusive: readonly Float64Array[];
}

/** Collects a {@link CallGraph}; costs of the same function, or of the same pair, add up. */
export class CallGraphBuilder {
  private readonly events: number;
  private readonly self: Float64Array[] = [];
  private readonly pairs = new PairInterner();
  private readonly calls: number[] = [];
  private readonly inclusive: Float64Array[] = [];

  constructor(events: number) {
    this.events = events;
  }

  /** A function that costs nothing yet. */
  function(): number {
    return this.self.push(new Float64Array(this.events)) - 1;
  }

  addSelf(at: number, costs: Float64Array): void {
    add(this.self[at]!, costs);
  }

  addCalls(caller: number, callee: number, calls: number, costs: Float64Array): void {
    const pair = this.pairs.intern(caller, callee);
    if (pair === this.calls.length) {
      this.calls.push(0);
      this.inclusive.push(new Float64Array(this.events));
    }
    this.calls[pair] = this.calls[pair]! + calls;
    add(this.inclusive[pair]!, costs);
  }

  build(): CallGraph {
    return {
      functionCount: this.self.length,
      self: this.self,
      caller: this.pairs.first.toArray(),
      callee: this.pairs.second.toArray(),
      calls: this.calls,
      inclusive: this.inclusive,
    };
  }
}

function add(sum: Float64Array, more: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + more[i]!;
}

/** A call graph without the calls that close a cycle. */
export interface AcyclicCalls {
  /** Every function, callers before their callees. */
  readonly order: Int32Array;
  /** By function: its calls, the dearest first. */
  readonly callsOf: readonly (readonly number[])[];
  /** Calls left out because they close a cycle: recursion. */
  readonly cut: number;
}

/**
 * Leaves out the calls that lead back to a function on the way there (depth first from the functions that nobody calls,
 * along the dearest calls), so that what is left can be walked.
 */
export function acyclicCalls(graph: CallGraph): AcyclicCalls {
  const { functionCount, caller, callee, inclusive } = graph;
  const all: number[][] = Array.from({ length: functionCount }, () => []);
  const called = new Uint8Array(functionCount);
  const weight = graph.self.map((costs) => costs[0]!);
  for (let call = 0; call < caller.length; call++) {
    all[caller[call]!]!.push(call);
    weight[caller[call]!] = weight[caller[call]!]! + inclusive[call]![0]!;
    if (caller[call] !== callee[call]) called[callee[call]!] = 1;
  }
  for (const calls of all) calls.sort((a, b) => inclusive[b]![0]! - inclusive[a]![0]! || a - b);
  const starts = Array.from({ length: functionCount }, (_, i) => i).sort(
    (a, b) => called[a]! - called[b]! || weight[b]! - weight[a]! || a - b,
  );

  const callsOf: number[][] = Array.from({ length: functionCount }, () => []);
  const finished = new Int32Column();
  const state = new Uint8Array(functionCount); // 0 new, 1 on the way, 2 done
  const next = new Int32Array(functionCount);
  let cut = 0;
  for (const start of starts) {
    if (state[start] !== 0) continue;
    const way = [start];
    state[start] = 1;
    while (way.length > 0) {
      const at = way.at(-1)!;
      const call = all[at]![next[at]!];
      next[at] = next[at]! + 1;
      if (call === undefined) {
        state[at] = 2;
        finished.push(at);
        way.pop();
      } else if (state[callee[call]!] === 1) {
        cut++;
      } else {
        callsOf[at]!.push(call);
        if (state[callee[call]!] === 0) {
          state[callee[call]!] = 1;
          way.push(callee[call]!);
        }
      }
    }
  }
  return { order: finished.toArray().reverse(), callsOf, cut };
}
