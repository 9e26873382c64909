import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { findNodeTool } from '../processes/node-tools.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { supervise } from '../processes/supervise.ts';
import { startTarget } from '../processes/target.ts';
import type { Artefact, CollectOptions, Collector, Detection, Subject } from './collector.ts';
import { nodeProgram } from './node-program.ts';

const REMEDY = 'npm install --save-dev 0x';

/**
 * The person's own 0x, found at run time, for one node process and its worker threads. It starts node with `--prof` and
 * its own preloads; the logs that V8 leaves are read by ourselves, all of them, where 0x reads one.
 */
export const zeroX: Collector = {
  id: '0x',
  title: '0x',
  optional: 'another way to record node programs',
  async detect(): Promise<Detection> {
    const tool = findNodeTool('0x');
    if (tool?.folder === undefined) return { ok: false, why: 'not installed', remedy: REMEDY };
    return { ok: true, version: tool.version, path: tool.path };
  },
  collect,
};

async function collect(subject: Subject, options: CollectOptions): Promise<Artefact> {
  const tool = findNodeTool('0x');
  if (tool === undefined) {
    throw new UserError('0x is neither in node_modules nor on PATH', { hint: REMEDY, exitCode: EXIT.cannotCollect });
  }
  if (tool.folder === undefined) {
    throw new UserError(`${tool.path} does not belong to a package named 0x`, {
      hint: REMEDY,
      exitCode: EXIT.cannotCollect,
    });
  }
  const { node, args } = nodeProgram(subject, '0x');
  const dir = await makePrivateDir();
  try {
    const settings = {
      zeroX: tool.folder,
      options: {
        argv: [`--prof-sampling-interval=${Math.max(1, Math.round(1e6 / options.frequency))}`, ...args],
        pathToNodeBinary: node,
        workingDir: dir,
        outputDir: join(dir, 'out'),
        collectOnly: true,
      },
    };
    const driver = join(packageRoot(), 'dist/preload/zero-x.cjs');
    const target = await startTarget([process.execPath, driver, JSON.stringify(settings)], {
      env: process.env,
      stopped: false,
    });
    const { exit, stopped, duration } = await supervise(target, {
      ...options,
      tick: (elapsed) => options.progress(elapsed, `0x ${tool.version}`),
    });
    const files = logsIn(dir);
    return {
      collector: zeroX.id,
      format: 'v8-log',
      files,
      exit,
      stopped,
      duration,
      notes: files.length === 0 ? [`0x ${tool.version} left no log of V8`] : [],
      dispose: () => removePrivateDir(dir),
    };
  } catch (error) {
    await removePrivateDir(dir);
    throw error;
  }
}

/** 0x may have moved the first log that it found into its own folder. */
function logsIn(dir: string): string[] {
  const folders = [dir, join(dir, 'out')].filter(existsSync);
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^isolate.*-v8\.log$/.test(name))
      .sort()
      .map((name) => join(folder, name)),
  );
}
