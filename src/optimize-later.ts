import { setFlagsFromString } from 'node:v8';

/**
 * What has V8 optimise a function when it has run some eight times longer than by default, by V8's major version (node 20
 * and 22; from 13 on there is a compiler in between). Most runs are over before optimised code has saved the time that it
 * takes to make, on another core: a sixth of all.
 */
const PATIENCE = new Map([
  ['11', '--interrupt-budget=500000'],
  ['12', '--invocation-count-for-turbofan=25000'],
]);

/**
 * Called when what a command needs of node is loaded: V8 takes no code of node's own that was compiled with other flags.
 */
export function optimizeLater(): void {
  const flag = PATIENCE.get(process.versions.v8.split('.')[0]!);
  if (flag !== undefined) setFlagsFromString(flag);
}
