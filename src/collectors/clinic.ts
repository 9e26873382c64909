import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { findNodeTool } from '../processes/node-tools.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { supervise } from '../processes/supervise.ts';
import { startTarget } from '../processes/target.ts';
import type { Artefact, CollectOptions, Collector, Detection, Subject } from './collector.ts';
import { nodeProgram } from './node-program.ts';

const REMEDY = 'npm install --save-dev clinic';
const EXIT_UNKNOWN = 'clinic flame does not tell how the program ended';

/** The person's own clinic flame, found at run time. It samples at its own frequency, the main thread only. */
export const clinic: Collector = {
  id: 'clinic',
  title: 'clinic flame',
  optional: 'another way to record node programs',
  async detect(): Promise<Detection> {
    const tool = findNodeTool('clinic');
    if (tool === undefined) return { ok: false, why: 'not installed', remedy: REMEDY };
    return { ok: true, version: tool.version, path: tool.path };
  },
  collect,
};

async function collect(subject: Subject, options: CollectOptions): Promise<Artefact> {
  const tool = findNodeTool('clinic');
  if (tool === undefined) {
    throw new UserError('clinic is neither in node_modules nor on PATH', {
      hint: REMEDY,
      exitCode: EXIT.cannotCollect,
    });
  }
  const { node, args } = nodeProgram(subject, 'clinic flame');
  const dir = await makePrivateDir();
  try {
    const target = await startTarget([tool.path, 'flame', '--collect-only', '--dest', dir, '--', node, ...args], {
      // clinic asks the person whether it may send statistics, and waits for an answer.
      env: { ...process.env, NO_INSIGHT: '1' },
      stopped: false,
    });
    const { exit, stopped, duration } = await supervise(target, {
      ...options,
      tick: (elapsed) => options.progress(elapsed, `clinic ${tool.version}`),
    });
    const files = samplesIn(dir);
    return {
      collector: clinic.id,
      format: 'v8-ticks',
      files,
      exit,
      stopped,
      duration,
      notes: [EXIT_UNKNOWN, ...(files.length === 0 ? ['clinic flame left no samples'] : [])],
      dispose: () => removePrivateDir(dir),
    };
  } catch (error) {
    await removePrivateDir(dir);
    throw error;
  }
}

function samplesIn(dir: string): string[] {
  const folders = readdirSync(dir).filter((name) => name.endsWith('.clinic-flame'));
  return folders.flatMap((folder) =>
    readdirSync(join(dir, folder))
      .filter((name) => name.endsWith('.clinic-flame-samples'))
      .map((name) => join(dir, folder, name)),
  );
}
