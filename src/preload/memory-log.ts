/** The one environment variable that tells the preload of `--rss` where its lines go: a private folder. */
export const MEMORY_VARIABLE = 'PFORGE_PROF_MEMORY';

/** Milliseconds between two lines. */
export const MEMORY_INTERVAL = 50;
