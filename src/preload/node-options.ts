/**
 * The option that loads `file` before a program's first line, for NODE_OPTIONS. Node splits those at blanks, `"` quotes,
 * and inside quotes a backslash takes the next character literally (src/node_options.cc, ParseNodeOptionsEnvVar).
 */
export function requireOption(file: string): string {
  return `--require ${quoted(file)}`;
}

/** The option that has node write its snapshots and reports into `folder`. */
export function diagnosticDirOption(folder: string): string {
  return `--diagnostic-dir=${quoted(folder)}`;
}

function quoted(word: string): string {
  return `"${word.replace(/["\\]/g, '\\$&')}"`;
}

/** NODE_OPTIONS with `option` after what the user had; `undefined` (unset) and `''` stay apart, see {@link removeOption}. */
export function appendOption(nodeOptions: string | undefined, option: string): string {
  return nodeOptions === undefined ? option : `${nodeOptions} ${option}`;
}

/** NODE_OPTIONS as the user had it: the inverse of {@link appendOption}, also when more was added around it since. */
export function removeOption(nodeOptions: string | undefined, option: string): string | undefined {
  if (nodeOptions === option) return undefined;
  return nodeOptions?.split(` ${option}`).join('').split(option).join('');
}
