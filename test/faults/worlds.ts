import type { Fault } from './rows.ts';

export const worldFaults: readonly Fault[] = [];
