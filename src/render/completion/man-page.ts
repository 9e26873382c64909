import type { CommandDescription } from './description.ts';

/** What a manual page says beside its commands. */
export interface ManualFacts {
  readonly version: string;
  readonly exitCodes: readonly (readonly [code: string, meaning: string])[];
}

/** The manual page pforge-prof(1), in the man macros of roff (man-pages(7), groff_man(7)). */
export function manPage(commands: readonly CommandDescription[], { version, exitCodes }: ManualFacts): string {
  const lines = [
    `.TH PFORGE-PROF 1 "" "pforge-prof ${version}" "User Commands"`,
    // Ragged right, no hyphens put in: words that may be copied
    '.ad l',
    '.nh',
    '.SH NAME',
    escaped('pforge-prof - find out why a program is slow or eats memory'),
    '.SH SYNOPSIS',
    '.B pforge-prof',
    escaped('<command> [options] [input...] [-- program args...]'),
    '.SH DESCRIPTION',
    text(
      'Records a program with the profilers that Linux, valgrind and V8 have, reads what they and other tools write into one model, and draws, tells, converts and compares it. What follows -- is the program; it is run without a shell, with its own input and output, and its exit code is passed on. Ctrl-C stops the program, never the profile.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, meaning]) => ['.TP', `.B ${escaped(code)}`, text(meaning)]),
    '.SH ENVIRONMENT',
    '.TP',
    '.B NO_COLOR\\fR, \\fBFORCE_COLOR',
    'no colour; colour also where no terminal is.',
    '.SH SEE ALSO',
    '.BR perf (1),',
    '.BR valgrind (1),',
    '.BR node (1)',
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines({ name, usage, summary, options, epilogue }: CommandDescription): string[] {
  return [
    `.SS "${escaped(name)} \\fR${escaped(usage)}"`,
    text(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`),
    ...options.flatMap(({ flags, description }) => ['.TP', `.B ${escaped(flags)}`, text(description)]),
    ...(epilogue === '' ? [] : ['.PP', '.nf', ...epilogue.split('\n').map(text), '.fi']),
  ];
}

/** A line of its own: one that begins with a dot or an apostrophe would be a request. */
function text(line: string): string {
  return /^[.']/.test(line) ? `\\&${escaped(line)}` : escaped(line);
}

/** Hyphens that may be copied into a terminal; quotes that do not end an argument. */
function escaped(line: string): string {
  return line.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq').replaceAll("'", '\\(aq');
}
