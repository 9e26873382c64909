import { isWord, type Node, parseRegexp, type Repeat, type Test } from './regexp-parser.ts';

/**
 * Regular expressions that take time in proportion to the text, whatever the pattern: all ways to match are walked side
 * by side (Thompson, "Regular Expression Search Algorithm", 1968; Pike's loop), so `(a|a)*b` cannot hang a page that has
 * no other thread to put it in. Without groups that capture, look around or refer back.
 */
export type Matcher = (text: string) => boolean;

type Step =
  | { readonly kind: 'char'; readonly test: Test }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'assert'; readonly what: '^' | '$' | 'b' | 'B' }
  | { readonly kind: 'match' };

const MOST_STEPS = 3000;

/**
 * @param anyCase letters match both cases
 * @throws {SyntaxError} the pattern is none, or needs what cannot be done in linear time
 */
export function linearRegexp(pattern: string, anyCase: boolean): Matcher {
  const steps: Step[] = [];
  compile(parseRegexp(pattern, anyCase), steps);
  steps.push({ kind: 'match' });
  return (text) => run(steps, text);
}

function add(steps: Step[], step: Step): number {
  if (steps.length >= MOST_STEPS) throw new SyntaxError('too long');
  return steps.push(step) - 1;
}

function compile(node: Node, steps: Step[]): void {
  if (node.kind === 'char' || node.kind === 'assert') {
    add(steps, node);
  } else if (node.kind === 'repeat') {
    compileRepeat(node, steps);
  } else if (node.kind === 'sequence') {
    for (const part of node.parts) compile(part, steps);
  } else {
    const ends: { kind: 'jump'; to: number }[] = [];
    for (const part of node.parts.slice(0, -1)) {
      const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
      add(steps, split);
      compile(part, steps);
      const jump = { kind: 'jump' as const, to: 0 };
      ends.push(jump);
      add(steps, jump);
      split.second = steps.length;
    }
    compile(node.parts.at(-1)!, steps);
    for (const jump of ends) jump.to = steps.length;
  }
}

function compileRepeat({ part, least, most }: Repeat, steps: Step[]): void {
  for (let i = 0; i < least; i++) compile(part, steps);
  if (most === Number.POSITIVE_INFINITY) {
    const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
    const back = add(steps, split);
    compile(part, steps);
    add(steps, { kind: 'jump', to: back });
    split.second = steps.length;
    return;
  }
  const splits: { kind: 'split'; first: number; second: number }[] = [];
  for (let i = least; i < most; i++) {
    const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
    splits.push(split);
    add(steps, split);
    compile(part, steps);
  }
  for (const split of splits) split.second = steps.length;
}

function run(steps: readonly Step[], text: string): boolean {
  const seen = new Int32Array(steps.length).fill(-1);
  let now: number[] = [];
  let next: number[] = [];
  const pending: number[] = [];
  for (let at = 0; at <= text.length; at++) {
    // A match may start anywhere
    if (follow(0, at, now)) return true;
    if (at === text.length) return false;
    const code = text.charCodeAt(at);
    next.length = 0;
    for (const place of now) {
      const step = steps[place]!;
      if (step.kind === 'char' && step.test(code) && follow(place + 1, at + 1, next)) return true;
    }
    [now, next] = [next, now];
  }
  return false;

  /** Adds every step that can be reached without a character; true = a match. */
  function follow(from: number, at: number, into: number[]): boolean {
    pending.push(from);
    while (pending.length > 0) {
      const place = pending.pop()!;
      if (seen[place] === at) continue;
      seen[place] = at;
      const step = steps[place]!;
      if (step.kind === 'match') {
        pending.length = 0;
        return true;
      }
      if (step.kind === 'char') into.push(place);
      else if (step.kind === 'jump') pending.push(step.to);
      else if (step.kind === 'split') pending.push(step.second, step.first);
      else if (holds(step.what, text, at)) pending.push(place + 1);
    }
    return false;
  }
}

function holds(what: '^' | '$' | 'b' | 'B', text: string, at: number): boolean {
  if (what === '^') return at === 0;
  if (what === '$') return at === text.length;
  const edge = (at > 0 && isWord(text.charCodeAt(at - 1))) !== (at < text.length && isWord(text.charCodeAt(at)));
  return edge === (what === 'b');
}
