/** The one environment variable that tells the preload of `load` where its lines go: a private folder. */
export const LOOP_VARIABLE = 'PFORGE_PROF_LOOP';

/** Milliseconds between two lines. */
export const LOOP_INTERVAL = 200;
