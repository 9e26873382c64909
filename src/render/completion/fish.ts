import type { CommandDescription, OptionDescription } from './description.ts';

/** Completion for fish: options with what they do, their values, files, programs after `--`. */
export function fishCompletion(commands: readonly CommandDescription[]): string {
  const names = commands.flatMap(({ name, aliases }) => [name, ...aliases]);
  return `# Completion of pforge-prof for fish: pforge-prof completion fish | source
function __pforge_prof_command
  set -l words (commandline -opc)
  test (count $words) -ge 2; and contains -- $words[2] $argv; and not contains -- -- $words
end
function __pforge_prof_program
  contains -- -- (commandline -opc)
end
function __pforge_prof_after_dashes
  set -l words (commandline -opc)
  set -e words[1..(contains -i -- -- $words)]
  complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
function __pforge_prof_start
  test (count (commandline -opc)) -eq 1
end
complete -c pforge-prof -n __pforge_prof_program -x -a '(__pforge_prof_after_dashes)'
complete -c pforge-prof -n __pforge_prof_start -f
complete -c pforge-prof -n __pforge_prof_start -l version -s V -d 'the version'
${commands.map(({ name, summary }) => `complete -c pforge-prof -n __pforge_prof_start -a ${name} -d ${quoted(summary)}`).join('\n')}
complete -c pforge-prof -n 'not __pforge_prof_start; and not __pforge_prof_command ${names.join(' ')}' -f
${commands.flatMap(commandLines).join('\n')}
complete -c diffflame -w 'pforge-prof diff'
`;
}

function commandLines({ name, aliases, options, words }: CommandDescription): string[] {
  const start = `complete -c pforge-prof -n '__pforge_prof_command ${[name, ...aliases].join(' ')}'`;
  return [
    ...words.map((word) => `${start} -a ${word}`),
    ...options.map((option) => `${start} ${optionWords(option)} -d ${quoted(option.description)}`),
  ];
}

function optionWords({ short, long, takesValue, mayStandAlone, choices }: OptionDescription): string {
  const value = choices.length > 0 ? `-x -a ${quoted(choices.join(' '))}` : '-r';
  return [
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(long === undefined ? [] : [`-l ${long.slice(2)}`]),
    ...(takesValue && !mayStandAlone ? [value] : []),
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
