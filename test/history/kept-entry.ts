import type { HistoryEntry } from '../../src/history/entry.ts';

/** What a run kept of one measurement. */
export const entry = (name: string, value = 1): HistoryEntry => ({
  version: 1,
  time: '2026-01-02T03:04:05.000Z',
  suite: '',
  commit: { id: 'abc' },
  machine: 'm',
  tools: {},
  results: [{ name, unit: 'ns', better: 'smaller', value }],
});
