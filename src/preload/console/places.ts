import type { RawPlace } from './messages.ts';

/** Frames that a stack keeps, those of node itself left out. */
const DEPTH = 8;
/** Frames of node and of ours stand above those. */
const LIMIT = 24;

const own = __filename;

/** The part of V8's CallSite that is of interest. */
interface CallSite {
  getFileName(): string | null | undefined;
  getFunctionName(): string | null;
  getMethodName(): string | null;
  getTypeName(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getEvalOrigin(): string | undefined;
}

const { captureStackTrace } = Error;

/** The program's own formatter of stacks must not see ours: for the time of one call there is another. */
function sites(): readonly CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = LIMIT;
    Error.prepareStackTrace = (_error, found) => found;
    captureStackTrace(holder, sites);
    return Array.isArray(holder.stack) ? (holder.stack as CallSite[]) : [];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Where the program is: its own calls, innermost first, without those of node and of the agent.
 * @param internals node's calls above the first one of the program are kept, too
 * @returns undefined where the agent itself is what was doing it
 */
export function currentStack(internals = false): RawPlace[] | undefined {
  const stack: RawPlace[] = [];
  let above = true;
  for (const site of sites()) {
    const file = site.getFileName() ?? site.getEvalOrigin() ?? '';
    if (file === own) {
      // At the top it is the hook; elsewhere the agent is at work
      if (above && stack.length === 0) continue;
      return undefined;
    }
    if (file === '' && stack.length === 0 && above && isEvaluated(site)) continue;
    const native = file === '' || file.startsWith('node:');
    if (native && !(internals && stack.every(([, one]) => one === '' || one.startsWith('node:')))) {
      above = false;
      continue;
    }
    above = false;
    stack.push([nameOf(site), file, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0]);
    if (stack.length >= DEPTH) break;
  }
  return stack;
}

/** The expression by which the watching thread asks for the stack. */
function isEvaluated(site: CallSite): boolean {
  return site.getFunctionName() === null && site.getLineNumber() === 1;
}

function nameOf(site: CallSite): string {
  const name = site.getFunctionName();
  if (name !== null && name !== '') return name;
  return site.getMethodName() ?? '';
}

/** As {@link RawPlace}s: the stack text of an error, which may be of any kind. */
export function placesOf(text: string): RawPlace[] {
  const places: RawPlace[] = [];
  for (const line of text.slice(0, 20_000).split('\n')) {
    const match = /^\s+at (?:async )?(?:(.*?) \()?((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/.exec(line);
    if (match === null) continue;
    places.push([match[1] ?? '', match[2]!, Number(match[3]), Number(match[4])]);
    if (places.length >= DEPTH) break;
  }
  return places;
}
