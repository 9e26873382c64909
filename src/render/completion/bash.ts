import { type CommandDescription, spellings } from './description.ts';

/**
 * Completion for bash, with nothing but bash: of bash-completion only what is loaded anyway. File names are bash's own
 * completion, wherever there is nothing else to say.
 */
export function bashCompletion(commands: readonly CommandDescription[]): string {
  return `# Completion of pforge-prof for bash: eval "$(pforge-prof completion bash)"
_pforge_prof() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command= options= words= first i
  # bash takes --format=svg for three words
  if [ "$word" = = ]; then word=; elif [ "$before" = = ]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
  if [ "\${COMP_WORDS[0]##*/}" = diffflame ]; then command=diff first=0; else command=\${COMP_WORDS[1]} first=1; fi
  if [ "$COMP_CWORD" -le "$first" ]; then
    COMPREPLY=($(compgen -W ${quoted(`${commands.flatMap(({ name, aliases }) => [name, ...aliases]).join(' ')} help --help --version`)} -- "$word"))
    return
  fi
  for ((i = first + 1; i < COMP_CWORD; i++)); do
    [ "\${COMP_WORDS[i]}" = -- ] || continue
    if [ "$((i + 1))" -eq "$COMP_CWORD" ]; then COMPREPLY=($(compgen -c -- "$word")); fi
    return
  done
  case $command:$before in
${commands.flatMap(valueCases).join('\n')}
  esac
  case $command in
${commands.map(commandCase).join('\n')}
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) if [ "$COMP_CWORD" -eq "$((first + 1))" ]; then COMPREPLY=($(compgen -W "$words" -- "$word")); fi ;;
  esac
}
complete -o bashdefault -o default -F _pforge_prof pforge-prof diffflame
`;
}

function commandCase({ name, aliases, options, words, runsProgram }: CommandDescription): string {
  const all = [...options.flatMap(spellings), ...(runsProgram ? ['--'] : [])];
  return `    ${[name, ...aliases].join('|')}) options=${quoted(all.join(' '))} words=${quoted(words.join(' '))} ;;`;
}

/** After an option that takes a value: its choices, else the name of a file. */
function valueCases({ name, aliases, options }: CommandDescription): string[] {
  const pattern = (option: (typeof options)[number]): string =>
    [name, ...aliases].flatMap((command) => spellings(option).map((spelling) => `${command}:${spelling}`)).join('|');
  const valued = options.filter(({ takesValue, mayStandAlone }) => takesValue && !mayStandAlone);
  const files = valued.filter(({ choices }) => choices.length === 0).map(pattern);
  return [
    ...valued
      .filter(({ choices }) => choices.length > 0)
      .map(
        (option) =>
          `    ${pattern(option)}) COMPREPLY=($(compgen -W ${quoted(option.choices.join(' '))} -- "$word")); return ;;`,
      ),
    ...(files.length === 0 ? [] : [`    ${files.join('|')}) return ;;`]),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
