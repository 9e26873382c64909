import { readFileSync } from 'node:fs';

/** Where control groups are mounted, of version 2 and, for memory, of version 1. */
const HIERARCHIES = [
  { mount: '/sys/fs/cgroup', controller: '', limit: 'memory.max', usage: 'memory.current', cache: 'inactive_file' },
  {
    mount: '/sys/fs/cgroup/memory',
    controller: 'memory',
    limit: 'memory.limit_in_bytes',
    usage: 'memory.usage_in_bytes',
    cache: 'total_inactive_file',
  },
] as const;

/**
 * Bytes that a process can still get before the kernel ends it: of the machine, or of the container that it is in
 * (proc_meminfo(5), cgroups(7)). Infinity where the kernel does not say.
 */
export function availableMemory(pid: number): number {
  const machine = /^MemAvailable:\s*(\d+) kB$/m.exec(readText('/proc/meminfo'))?.[1];
  const groups = readText(`/proc/${pid}/cgroup`)
    .split('\n')
    .map((line) => line.split(':'));
  const limits = HIERARCHIES.flatMap((hierarchy) => {
    const path = groups.find(([, controllers]) => controllers?.split(',').includes(hierarchy.controller))?.[2];
    return path === undefined ? [] : ancestors(path).map((folder) => left(hierarchy, folder));
  });
  return Math.min(machine === undefined ? Number.POSITIVE_INFINITY : Number(machine) * 1024, ...limits);
}

/** `/a/b` -> `/a/b`, `/a`, `` : a limit holds for all groups below. */
function ancestors(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, i) =>
    parts
      .slice(0, parts.length - i)
      .map((part) => `/${part}`)
      .join(''),
  );
}

/** What a group may still take; memory that only keeps files can be had back. */
function left({ mount, limit, usage, cache }: (typeof HIERARCHIES)[number], folder: string): number {
  const most = Number.parseInt(readText(`${mount}${folder}/${limit}`), 10);
  const used = Number.parseInt(readText(`${mount}${folder}/${usage}`), 10);
  if (Number.isNaN(most) || Number.isNaN(used)) return Number.POSITIVE_INFINITY;
  const files = new RegExp(`^${cache} (\\d+)$`, 'm').exec(readText(`${mount}${folder}/memory.stat`))?.[1];
  return Math.max(0, most - used + Number(files ?? 0));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
