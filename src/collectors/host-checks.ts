import { EXIT } from '../errors.ts';
import { INSPECTOR_PORT, inspectorPortOwner } from '../inspector/node-process.ts';
import { hasDeathSignal } from '../processes/death-signal.ts';
import { findTool } from '../processes/executables.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { runTool } from '../processes/run-tool.ts';
import type { Detection } from './collector.ts';
import { detectHeaptrack } from './heaptrack.ts';
import { detectJemalloc } from './jemalloc.ts';
import { explainPerf, kernelSetting } from './perf-errors.ts';
import { collectors } from './registry.ts';

/** One line of `doctor`. */
export interface HostCheck {
  readonly name: string;
  /** `optional`: missing, and only some commands want it. */
  readonly state: 'ok' | 'limited' | 'missing' | 'optional';
  readonly detail: string;
  /** The one command that mends it; '' where nothing is to mend. */
  readonly remedy: string;
}

/** Looks at everything that recording depends on. Takes well under a second; changes nothing. */
export async function checkHost(): Promise<HostCheck[]> {
  const checks: HostCheck[] = [checkNode(), checkInspectorPort()];
  for (const collector of collectors) {
    const found = await collector.detect();
    const { title: name, optional } = collector;
    if (found.ok) checks.push({ name, state: 'ok', detail: `${found.version} (${found.path})`, remedy: '' });
    else if (optional === undefined) checks.push({ name, state: 'missing', detail: found.why, remedy: found.remedy });
    else checks.push({ name, state: 'optional', detail: `${found.why}; ${optional}`, remedy: found.remedy });
  }
  const perf = findTool('perf');
  if (perf !== undefined) checks.push(...(await checkEvents(perf)));
  checks.push(checkParanoid(), checkKernelSymbols(), checkDeathSignal());
  checks.push(await checkTool('valgrind', 'valgrind', 'native heap profiles', 'apt-get install valgrind'));
  checks.push(
    optional('heaptrack', detectHeaptrack(), 'flame --heap and massif --tool heaptrack, faster than valgrind'),
  );
  checks.push(optional('jemalloc', detectJemalloc(), 'massif --tool jemalloc, which slows nothing'));
  checks.push(await checkTool('chromium', 'chromium', "this project's browser tests", 'apt-get install chromium'));
  checks.push(await checkTool('inferno', 'inferno-flamegraph', 'flame --renderer inferno', 'cargo install inferno'));
  checks.push(await checkTool('wrk', 'wrk', 'load --engine wrk', 'apt-get install wrk'));
  return checks;
}

/** Exit code of `doctor`: recording must be possible somehow. */
export function hostExitCode(checks: readonly HostCheck[]): number {
  return checks.some(({ name, state }) => name === 'node' && state !== 'ok') ? EXIT.cannotCollect : EXIT.ok;
}

function checkNode(): HostCheck {
  const supported = Number(process.versions.node.split('.')[0]) >= 20;
  return {
    name: 'node',
    state: supported ? 'ok' : 'missing',
    detail: `${process.version} (${process.execPath})`,
    remedy: supported ? '' : 'install node 20 or newer',
  };
}

/** Records nothing for a moment with each event: only the kernel knows whether it may be sampled. */
async function checkEvents(perf: string): Promise<HostCheck[]> {
  const folder = await makePrivateDir();
  try {
    const checks: HostCheck[] = [];
    for (const event of ['cycles', 'cpu-clock']) {
      const args = ['stat', '-x', ';', '-o', `${folder}/${event}`, '-e', event, '--', process.execPath, '--version'];
      const result = await runTool(perf, args);
      const { stdout } = await runTool('/bin/cat', [`${folder}/${event}`]);
      const counted = new RegExp(`^[\\d.]+;[^;]*;${event}`, 'm').test(stdout);
      const name = `perf event ${event}`;
      if (counted) checks.push({ name, state: 'ok', detail: 'can be sampled', remedy: '' });
      else if (event === 'cycles' && /not supported/.test(stdout)) {
        checks.push({ name, state: 'limited', detail: 'not here (a virtual machine?): cpu-clock is used', remedy: '' });
      } else {
        const error = explainPerf(result.stderr || stdout);
        checks.push({ name, state: 'missing', detail: error.message, remedy: error.hint ?? '' });
      }
    }
    return checks;
  } finally {
    await removePrivateDir(folder);
  }
}

function checkParanoid(): HostCheck {
  const level = kernelSetting('perf_event_paranoid');
  const root = process.getuid?.() === 0;
  const name = 'perf_event_paranoid';
  const remedy = 'sudo sysctl kernel.perf_event_paranoid=1';
  if (level === -2) return { name, state: 'limited', detail: 'this kernel has no perf events', remedy: '' };
  if (root || level <= 1)
    return { name, state: 'ok', detail: `${level}${root ? ', and you are root' : ''}`, remedy: '' };
  if (level === 2) return { name, state: 'limited', detail: '2: your own programs, without kernel frames', remedy };
  return { name, state: 'missing', detail: `${level}: perf is for root only`, remedy };
}

function checkKernelSymbols(): HostCheck {
  const level = kernelSetting('kptr_restrict');
  const hidden = level === 2 || (level === 1 && process.getuid?.() !== 0);
  return {
    name: 'kptr_restrict',
    state: hidden ? 'limited' : 'ok',
    detail: `${level}: kernel functions ${hidden ? 'have no names' : 'can be named'}`,
    remedy: hidden ? 'sudo sysctl kernel.kptr_restrict=0' : '',
  };
}

function checkDeathSignal(): HostCheck {
  return hasDeathSignal()
    ? { name: 'setpriv', state: 'ok', detail: 'nothing is left running if this tool is killed', remedy: '' }
    : {
        name: 'setpriv',
        state: 'optional',
        detail: 'without it a program runs on when this tool is killed by SIGKILL',
        remedy: 'apt-get install util-linux',
      };
}

function optional(name: string, found: Detection, purpose: string): HostCheck {
  return found.ok
    ? { name, state: 'ok', detail: `${found.version} (${found.path})`.trim(), remedy: '' }
    : { name, state: 'optional', detail: `${found.why}; for ${purpose}`, remedy: found.remedy };
}

async function checkTool(name: string, command: string, purpose: string, remedy: string): Promise<HostCheck> {
  const path = findTool(command);
  if (path === undefined) return { name, state: 'optional', detail: `not installed; for ${purpose}`, remedy };
  const { stdout } = await runTool(path, ['--version']);
  const version = /\d+(\.\d+)+/.exec(stdout)?.[0] ?? '';
  return { name, state: 'ok', detail: `${version} (${path})`.trim(), remedy: '' };
}

/** Every node opens its inspector on the same port, unless it is told otherwise: one at a time can be attached to. */
function checkInspectorPort(): HostCheck {
  const name = 'node inspector';
  const owner = inspectorPortOwner();
  if (owner === undefined) {
    const detail = `port ${INSPECTOR_PORT} is free: running node processes can be attached to`;
    return { name, state: 'ok', detail, remedy: '' };
  }
  return {
    name,
    state: 'limited',
    detail: `port ${INSPECTOR_PORT} is taken${owner}: only processes started with --inspect-port=0 can be attached to`,
    remedy: 'close the debugger or program that has it',
  };
}
