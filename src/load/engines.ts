import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { findTool } from '../processes/executables.ts';
import { findNodeTool } from '../processes/node-tools.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { runTool, type ToolResult } from '../processes/run-tool.ts';
import type { LoadPlan } from './plan.ts';
import { readLoadResult } from './readers/registry.ts';
import type { LoadResult } from './result.ts';

/** Other tools that can send the load, for comparison. */
export const ENGINES = ['own', 'wrk', 'autocannon'] as const;
export type EngineId = (typeof ENGINES)[number];

/** Beside the time of the load: milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * Has another tool send the load, and reads what it prints.
 * @param signal asks the tool to end; what it then tells is the result
 * @throws {UserError} 125: the tool is missing, or failed; 2: it cannot do what the plan asks for
 */
export async function runEngine(
  engine: Exclude<EngineId, 'own'>,
  plan: LoadPlan,
  signal: AbortSignal,
): Promise<LoadResult> {
  const [request, second] = plan.sequence;
  const method = request?.method ?? (request?.body === undefined ? 'GET' : 'POST');
  const body = Buffer.from(request?.body ?? '');
  const cannot = (what: string): UserError =>
    new UserError(`--engine ${engine} has no ${what}`, { hint: 'leave it out, or leave --engine out' });
  if (second !== undefined) throw cannot('scenario');
  if (plan.warmup > 0) throw cannot('warm-up that is not counted');
  if (request?.expect !== undefined || body.includes('{{id}}')) throw cannot('expectations or ids');
  const url = request?.path === undefined ? plan.url : new URL(plan.url.origin + request.path);
  const whole = { ...plan, url, headers: [...plan.headers, ...(request?.headers ?? [])] };
  const run = engine === 'wrk' ? runWrk : runAutocannon;
  const result = await run(whole, { method, body, cannot, signal });
  return { ...result, url: url.href, connections: plan.connections, stopped: signal.aborted };
}

interface EngineRun {
  readonly method: string;
  readonly body: Buffer;
  readonly cannot: (what: string) => UserError;
  readonly signal: AbortSignal;
}

async function runWrk(plan: LoadPlan, { method, body, cannot, signal }: EngineRun): Promise<LoadResult> {
  const { duration, rate, pipelining, connections, timeout, url } = plan;
  if (duration === undefined) throw cannot('number of requests');
  if (rate !== undefined) throw cannot('open model');
  if (pipelining > 1) throw cannot('pipelining');
  const path = findTool('wrk');
  if (path === undefined) {
    throw new UserError('wrk is not installed', { hint: 'apt-get install wrk', exitCode: EXIT.cannotCollect });
  }
  const dir = await makePrivateDir();
  try {
    const script = join(dir, 'summary.lua');
    writeFileSync(script, wrkScript(method, body, plan.headers), { mode: 0o600 });
    const threads = Math.min(plan.threads, connections);
    // wrk knows whole seconds only
    const times = ['-d', `${Math.max(1, Math.round(duration))}s`, '--timeout', `${Math.max(1, Math.ceil(timeout))}s`];
    const args = ['-t', String(threads), '-c', String(connections), ...times, '--latency', '-s', script, url.href];
    const tool = await runTool(path, args, duration * 1000 + PATIENCE_MS, { endsWith: signal });
    return readLoadResult(outputOf('wrk', tool, signal), 'wrk');
  } finally {
    await removePrivateDir(dir);
  }
}

const PERCENTILES = '50,75,90,95,99,99.9,99.99';

/** wrk's own way to be told of a request and to tell of its results exactly (wrk's SCRIPTING file). */
function wrkScript(method: string, body: Buffer, headers: LoadPlan['headers']): string {
  const lines = [`wrk.method = ${luaText(method)}`];
  if (body.length > 0) lines.push(`wrk.body = ${luaText(body)}`);
  for (const [name, value] of headers) lines.push(`wrk.headers[${luaText(name)}] = ${luaText(value)}`);
  return `${lines.join('\n')}
done = function(summary, latency, requests)
  local e = summary.errors
  local p = ''
  for _, q in ipairs({${PERCENTILES}}) do p = p .. string.format(',"p%s":%d', q, latency:percentile(q)) end
  io.write(string.format('{"duration_us":%d,"requests":%d,"bytes":%d,"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d},"latency_us":{"min":%d,"max":%d,"mean":%.3f,"stdev":%.3f%s}}\\n',
    summary.duration, summary.requests, summary.bytes, e.connect, e.read, e.write, e.status, e.timeout,
    latency.min, latency.max, latency.mean, latency.stdev, p))
end
`;
}

/** A text of Lua, every byte as a number: nothing of it can end the text. */
function luaText(text: string | Buffer): string {
  return `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;
}

async function runAutocannon(plan: LoadPlan, { method, body, cannot, signal }: EngineRun): Promise<LoadResult> {
  const { duration, requests, rate, connections, threads, timeout, pipelining, url, insecure } = plan;
  const tool = findNodeTool('autocannon');
  if (tool === undefined) {
    throw new UserError('autocannon is neither in node_modules nor on PATH', {
      hint: 'npm install --save-dev autocannon',
      exitCode: EXIT.cannotCollect,
    });
  }
  if (insecure) throw cannot('--insecure');
  const args = [
    ...['--json', '--connections', String(connections), '--timeout', String(Math.max(1, Math.ceil(timeout)))],
    ...['--pipelining', String(pipelining), '--method', method],
    ...(duration === undefined
      ? ['--amount', String(requests)]
      : ['--duration', String(Math.max(1, Math.round(duration)))]),
    ...(threads > 1 ? ['--workers', String(threads)] : []),
    ...(rate === undefined ? [] : ['--overallRate', String(Math.round(rate))]),
    ...plan.headers.flatMap(([name, value]) => ['--headers', `${name}=${value}`]),
    ...(body.length === 0 ? [] : ['--body', body.toString()]),
    url.href,
  ];
  const run = await runTool(tool.path, args, (duration ?? 600) * 1000 + PATIENCE_MS, { endsWith: signal });
  return readLoadResult(outputOf('autocannon', run, signal), 'autocannon');
}

/** @throws {UserError} 125: it failed, with what it said; 130: it was interrupted and keeps no result then */
function outputOf(name: string, { code, signal, stdout, stderr }: ToolResult, { aborted }: AbortSignal): string {
  if (code === 0 && stdout.trim() !== '') return stdout;
  if (aborted) {
    throw new UserError(`interrupted: ${name} keeps nothing of a load that is not over`, {
      exitCode: EXIT.interrupted,
    });
  }
  const said = (stderr || stdout).trim().split('\n')[0] ?? '';
  throw new UserError(`${name} failed (${signal ?? `exit code ${code}`})${said === '' ? '' : `: ${said}`}`, {
    hint: 'does the server run?',
    exitCode: EXIT.cannotCollect,
  });
}
