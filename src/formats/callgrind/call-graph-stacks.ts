import { acyclicCalls, type CallGraph } from './call-graph.ts';

/** Receives the stacks of a call graph: callers come before their callees. */
export interface StackSink {
  /** @returns the stack that adds a function to its caller's stack (-1 for none) */
  stack(caller: number, at: number): number;
  /** The stack under which stands what belongs to many callers with little cost each, for a function. */
  otherCallers(at: number): number;
  /** @param costs by event, whole numbers */
  sample(stack: number, at: number, costs: Float64Array): void;
}

export interface StackEstimate {
  /** Calls left out because they close a cycle. */
  readonly cutCalls: number;
  /** Part of the first event's cost that stands under {@link StackSink.otherCallers}, 0 to 1. */
  readonly otherCallers: number;
}

/** Chains of callers with less than this part of the whole cost are not told apart: their number can be exponential. */
const LEAST = 1e-5;
const MOST_STACKS = 500_000;

/**
 * Estimates stacks from a call graph, as all viewers of callgrind's output do: what a function costs is shared among
 * its callers in proportion to the inclusive costs of their calls, and so on up to the roots. A function's own cost, summed
 * over its stacks, is exactly what the graph says. Linear in the number of stacks; depth is no recursion.
 */
export function estimateStacks(graph: CallGraph, sink: StackSink): StackEstimate {
  const { functionCount, self, callee } = graph;
  const events = self[0]?.length ?? 0;
  const { order, callsOf, cut } = acyclicCalls(graph);
  const share = callShares(graph, callsOf);
  const inclusive = inclusiveCosts(graph, order, callsOf, share);
  const total = sumOf(self, events);
  const emitter = new WholeCosts(self);

  const called = new Uint8Array(functionCount);
  for (const calls of callsOf) for (const call of calls) called[callee[call]!] = 1;
  const waiting: { at: number; caller: number; part: Float64Array }[] = [];
  for (let i = order.length - 1; i >= 0; i--) {
    if (called[order[i]!] === 0) waiting.push({ at: order[i]!, caller: -1, part: new Float64Array(events).fill(1) });
  }
  const rest: (Float64Array | undefined)[] = new Array(functionCount);
  let stacks = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { at, part } = next;
    const stack = sink.stack(next.caller, at);
    stacks++;
    emitter.emit(at, part, (costs) => sink.sample(stack, at, costs));
    const calls = callsOf[at]!;
    for (let i = calls.length - 1; i >= 0; i--) {
      const to = callee[calls[i]!]!;
      const partOfCallee = product(part, share[calls[i]!]!);
      if (stacks < MOST_STACKS && largestShare(partOfCallee, inclusive[to]!, total) >= LEAST) {
        waiting.push({ at: to, caller: stack, part: partOfCallee });
      } else {
        rest[to] = rest[to] ? sum(rest[to], partOfCallee) : partOfCallee;
      }
    }
  }

  let others = 0;
  for (const at of order) {
    const part = rest[at];
    if (!part) continue;
    emitter.emit(at, part, (costs) => {
      others += costs[0]!;
      sink.sample(sink.otherCallers(at), at, costs);
    });
    for (const call of callsOf[at]!) {
      const to = callee[call]!;
      const partOfCallee = product(part, share[call]!);
      rest[to] = rest[to] ? sum(rest[to], partOfCallee) : partOfCallee;
    }
  }
  return { cutCalls: cut, otherCallers: others / Math.max(total[0] ?? 0, 1) };
}

/** By call: which part of the callee's cost is on behalf of this caller, by event. The parts of a callee sum to 1. */
function callShares(graph: CallGraph, callsOf: readonly (readonly number[])[]): Float64Array[] {
  const events = graph.self[0]?.length ?? 0;
  const kept = callsOf.flat();
  const costs: Float64Array[] = graph.self.map(() => new Float64Array(events));
  const counts = new Float64Array(graph.functionCount);
  const pairs = new Float64Array(graph.functionCount);
  for (const call of kept) {
    const to = graph.callee[call]!;
    costs[to] = sum(costs[to]!, graph.inclusive[call]!);
    counts[to] = counts[to]! + graph.calls[call]!;
    pairs[to] = pairs[to]! + 1;
  }
  const share: Float64Array[] = new Array(graph.caller.length);
  for (const call of kept) {
    const to = graph.callee[call]!;
    const byCount = counts[to]! > 0 ? graph.calls[call]! / counts[to]! : 1 / pairs[to]!;
    share[call] = graph.inclusive[call]!.map((cost, event) =>
      costs[to]![event]! > 0 ? cost / costs[to]![event]! : byCount,
    );
  }
  return share;
}

/** By function: its own cost and that of everything below it, over the calls that are kept. */
function inclusiveCosts(
  graph: CallGraph,
  order: Int32Array,
  callsOf: readonly (readonly number[])[],
  share: readonly Float64Array[],
): Float64Array[] {
  const inclusive: Float64Array[] = graph.self.map((costs) => costs.slice());
  for (let i = order.length - 1; i >= 0; i--) {
    const at = order[i]!;
    for (const call of callsOf[at]!) {
      inclusive[at] = sum(inclusive[at]!, product(inclusive[graph.callee[call]!]!, share[call]!));
    }
  }
  return inclusive;
}

/** Gives parts of the functions' own costs as whole numbers that sum to the whole. */
class WholeCosts {
  private readonly self: readonly Float64Array[];
  private readonly exact: readonly Float64Array[];
  private readonly given: readonly Float64Array[];

  constructor(self: readonly Float64Array[]) {
    this.self = self;
    this.exact = self.map((costs) => new Float64Array(costs.length));
    this.given = self.map((costs) => new Float64Array(costs.length));
  }

  /** Calls `sample` unless the part is nothing. */
  emit(at: number, part: Float64Array, sample: (costs: Float64Array) => void): void {
    const costs = new Float64Array(part.length);
    let any = false;
    for (let event = 0; event < part.length; event++) {
      const own = this.self[at]![event]!;
      const exact = this.exact[at]![event]! + part[event]! * own;
      const whole = Math.max(this.given[at]![event]!, Math.min(own, Math.round(exact)));
      costs[event] = whole - this.given[at]![event]!;
      this.exact[at]![event] = exact;
      this.given[at]![event] = whole;
      if (costs[event]! > 0) any = true;
    }
    if (any) sample(costs);
  }
}

function largestShare(part: Float64Array, inclusive: Float64Array, total: Float64Array): number {
  let largest = 0;
  for (let event = 0; event < part.length; event++) {
    if (total[event]! > 0) largest = Math.max(largest, (part[event]! * inclusive[event]!) / total[event]!);
  }
  return largest;
}

function sumOf(rows: readonly Float64Array[], width: number): Float64Array {
  const total = new Float64Array(width);
  for (const row of rows) for (let i = 0; i < width; i++) total[i] = total[i]! + row[i]!;
  return total;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value * b[i]!);
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}
