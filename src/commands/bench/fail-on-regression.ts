/** `--fail-on-regression`: percent, or true where none was given. */
export type FailOnRegression = number | boolean | undefined;

/** Whether something that became worse by so much is not to be let through. @param worse relative: 0.05 = 5 % */
export function isGated(worse: number, failOnRegression: FailOnRegression): boolean {
  if (failOnRegression === undefined || failOnRegression === false) return false;
  return worse > (typeof failOnRegression === 'number' ? failOnRegression / 100 : 0);
}
