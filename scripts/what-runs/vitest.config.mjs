// The tests as ever, on sources that tell what of them runs.
import { mergeConfig } from 'vitest/config';
import usual from '../../vitest.config.ts';
import { instrument, isCounted } from './instrument.mjs';

const folder = process.env.PFORGE_PROF_COVERAGE;
const plugins = [
  {
    name: 'instrumented',
    enforce: 'pre',
    load: (id) => (isCounted(id) ? instrument(id, folder).code : undefined),
  },
];

export default {
  ...usual,
  root: new URL('../..', import.meta.url).pathname,
  test: { ...usual.test, projects: usual.test.projects.map((project) => mergeConfig(project, { plugins })) },
};
