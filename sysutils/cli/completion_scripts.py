"""The scripts by which shells ask for completion; ``NAMES`` are the commands they are for."""

from click.shell_completion import CompletionItem

from sysutils.cli import COMMANDS
from sysutils.cli.grammar import CommandError

#: the word a shell takes apart at = and : goes along, so that the answer begins where that does
_BASH = """\
_sysutils_completion() {
    local program=sysutils flags="" line
    case $1 in
        sysutils | */sysutils) program=${1/#~\\//$HOME/} ;;
    esac
    COMPREPLY=()
    {
        IFS= read -r flags
        while IFS= read -r line; do
            COMPREPLY+=("$line")
        done
    } < <(_SYSUTILS_COMPLETE=bash_complete _SYSUTILS_LINE="${COMP_LINE:0:COMP_POINT}" _SYSUTILS_WORD="$2" \\
        _SYSUTILS_TYPE="$COMP_TYPE" _SYSUTILS_COLUMNS="$COLUMNS" "$program" 2>/dev/null)
    case " $flags " in
        *" nospace "*) compopt -o nospace 2>/dev/null ;;
    esac
    local kind=""
    case " $flags " in
        *" files "*) kind=-f ;;
        *" dirs "*) kind=-d ;;
        *" commands "*) kind=-c ;;
    esac
    if [[ $kind ]]; then
        local word=$2 cut=${flags##*cut=}
        [[ $word == "${COMP_WORDS[COMP_CWORD]}" ]] || cut=0
        [[ $kind == -c ]] || compopt -o filenames 2>/dev/null
        while IFS= read -r line; do
            COMPREPLY+=("${word:0:cut}$line")
        done < <(compgen "$kind" -- "${word:cut}")
    fi
}
complete -o nosort -F _sysutils_completion NAMES 2>/dev/null ||
    complete -F _sysutils_completion NAMES
"""

_ZSH = """\
#compdef NAMES
_sysutils() {
    local program=sysutils flags value about
    local -a typed answer values options
    typed=("${(@Q)words[1,CURRENT-1]}")
    [[ ${words[1]:t} == sysutils ]] && program=${(Q)words[1]/#\\~\\//$HOME/}
    answer=("${(@f)$(_SYSUTILS_COMPLETE=zsh_complete _SYSUTILS_WORDS="${(F)typed}" \\
        _SYSUTILS_WORD="${(Q)PREFIX}" $program 2>/dev/null)}")
    flags=" ${answer[1]} "
    shift answer
    local -i cut=${${flags##*cut=}%% *}
    IPREFIX+=${PREFIX[1,cut]}
    PREFIX=${PREFIX[cut+1,-1]}
    for value in $answer; do
        about=${value#*$'\\t'}
        value=${${${value%%$'\\t'*}//\\\\/\\\\\\\\}//:/\\\\:}
        values+=("$value${about:+:$about}")
    done
    [[ $flags == *" nospace "* ]] && options=(-S '')
    (( $#values )) && _describe -V -t values value values "${(@)options}"
    [[ $flags == *" files "* ]] && _files
    [[ $flags == *" dirs "* ]] && _files -/
    [[ $flags == *" commands "* ]] && _command_names -e
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _sysutils "$@"
else
    compdef _sysutils NAMES
fi
"""

_FISH = """\
function __sysutils_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l program sysutils
    if string match -q -r '(^|/)sysutils$' -- $words[1]
        set program (string replace -r '^~/' "$HOME/" -- $words[1])
    end
    set -lx _SYSUTILS_COMPLETE fish_complete
    set -lx _SYSUTILS_WORDS (string join \\n -- $words | string collect)
    set -lx _SYSUTILS_WORD (string unescape -- "$word"; or echo -- "$word")
    set -l answer ($program 2>/dev/null)
    set -l flags " $answer[1] "
    if test (count $answer) -gt 1
        printf '%s\\n' $answer[2..-1]
    end
    string match -q '* files *' -- $flags; and __fish_complete_path $word
    string match -q '* dirs *' -- $flags; and __fish_complete_directories $word ''
    string match -q '* commands *' -- $flags; and complete -C "$word"
    return 0
end
for name in NAMES
    complete -c $name -e
    complete -c $name -f -k -a '(__sysutils_complete)'
end
"""

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName @('NAMES') -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $at = $cursorPosition - $commandAst.Extent.StartOffset
    $line = $commandAst.Extent.Text.PadRight($at).Substring(0, $at)
    $program = 'sysutils'
    $name = $commandAst.GetCommandName()
    if ((Split-Path -Leaf $name) -in 'sysutils', 'sysutils.exe') { $program = $name }
    $kept = $env:_SYSUTILS_COMPLETE, $env:_SYSUTILS_LINE, $env:_SYSUTILS_WORD
    try {
        $env:_SYSUTILS_COMPLETE = 'powershell_complete'
        $env:_SYSUTILS_LINE = $line
        $env:_SYSUTILS_WORD = "$wordToComplete"
        $answer = @(& $program 2>$null)
    } finally {
        $env:_SYSUTILS_COMPLETE, $env:_SYSUTILS_LINE, $env:_SYSUTILS_WORD = $kept
    }
    $answer | Select-Object -Skip 1 | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
    if ($answer.Count -and " $($answer[0]) " -match ' (files|dirs) ') {
        [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    }
    if ($answer.Count -and " $($answer[0]) " -match ' commands ') {
        [System.Management.Automation.CompletionCompleters]::CompleteCommand($wordToComplete)
    }
}
"""

_TITLES = {"bash": "GNU bash", "zsh": "Z shell", "fish": "fish", "powershell": "PowerShell"}
_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH, "powershell": _POWERSHELL}


def script(asked: str) -> str:
    """The script of ``SHELL``, or of ``SHELL,links``, which is for the commands' own names too. Raises
    CommandError for another shell."""
    shell, comma, more = asked.partition(",")
    if shell not in _SCRIPTS or (comma and more != "links"):
        known = ", ".join(_SCRIPTS)
        raise CommandError(
            f"invalid shell '{asked}'; there are {known}, each with or without ,links", 2
        )
    names = ["sysutils", *(sorted(COMMANDS) if more else [])]
    if shell == "powershell":
        names = [name for one in names for name in (one, f"{one}.exe")]
    between = "', '" if shell == "powershell" else " "
    return _SCRIPTS[shell].replace("NAMES", between.join(names))


def shells(incomplete: str) -> list[CompletionItem]:
    """The values of ``--completion`` that begin so."""
    found = {**_TITLES, **{f"{name},links": f"{told}; links too" for name, told in _TITLES.items()}}
    return [
        CompletionItem(name, help=told)
        for name, told in found.items()
        if name.startswith(incomplete) and ("," in incomplete or "," not in name)
    ]
