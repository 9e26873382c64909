import { existsSync, readdirSync } from 'node:fs';

const DEVICES = '/sys/bus/event_source/devices';
/** A kernel that offers hardware counters has one of these devices. */
const HARDWARE = /^(cpu|cpu_core|cpu_atom|armv\d.*|.*_pmu.*|apple_.*)$/;

/** Whether this machine has counters of cycles, instructions, caches: most virtual machines have none. */
export function hasHardwareCounters(): boolean {
  return existsSync(DEVICES) && readdirSync(DEVICES).some((name) => HARDWARE.test(name));
}
