import { type CommandDescription, type OptionDescription, spellings } from './description.ts';

/** Completion for zsh, by its own `_arguments`: options with what they do, their values, files, programs after `--`. */
export function zshCompletion(commands: readonly CommandDescription[]): string {
  return `#compdef pforge-prof diffflame
# Completion of pforge-prof for zsh: put it as _pforge-prof into a folder of $fpath, or eval "$(pforge-prof completion zsh)"
_pforge_prof_program() {
  if (( CURRENT == 1 )); then _command_names -e; else _files; fi
}
_pforge_prof() {
  local curcontext=$curcontext state command
  local -a line
  local -i dashes
  typeset -A opt_args
  if [[ \${words[1]:t} == diffflame ]]; then
    words=(pforge-prof diff "\${(@)words[2,-1]}"); (( CURRENT++ ))
  fi
  command=$words[2]
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.flatMap(({ name, aliases, summary }) => [name, ...aliases].map((word) => `      ${quoted(`${word.replaceAll(':', '\\:')}:${summary}`)}`)).join('\n')}
    )
    _describe -t commands command commands
    return
  fi
  dashes=\${words[(i)--]}
  if (( dashes < CURRENT )); then
    words=("\${(@)words[dashes + 1,-1]}"); (( CURRENT -= dashes ))
    _pforge_prof_program
    return
  fi
  words=("\${(@)words[2,-1]}"); (( CURRENT-- ))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _pforge_prof "$@"; else compdef _pforge_prof pforge-prof diffflame; fi
`;
}

function commandCase({ name, aliases, options, words }: CommandDescription): string {
  const inputs = words.length === 0 ? "'*: :_files'" : `'1: :{ compadd ${words.join(' ')}; _files }' '*: :_files'`;
  return `    ${[name, ...aliases].join('|')})
      _arguments -s -S \\
${options
  .flatMap(specifications)
  .map((text) => `        ${text} \\\n`)
  .join('')}        ${inputs} ;;`;
}

function specifications(option: OptionDescription): string[] {
  const { takesValue, mayStandAlone, choices, description } = option;
  const value = choices.length > 0 ? `(${choices.join(' ')})` : '_files';
  const argument = takesValue ? `${mayStandAlone ? '::' : ':'} :${value}` : '';
  const said = description.replaceAll(/[[\]\\]/g, '\\$&');
  return spellings(option).map((spelling) => {
    const joined = takesValue && spelling.startsWith('--') ? `${spelling}=` : spelling;
    return quoted(`*${mayStandAlone && joined.endsWith('=') ? `${spelling}=-` : joined}[${said}]${argument}`);
  });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
