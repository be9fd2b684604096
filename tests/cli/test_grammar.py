"""The classics' option grammar, on a command made for it: beside getopt(1) and Python's ``gnu_getopt``."""

from __future__ import annotations

import getopt
import shlex
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given as random_input
from hypothesis import settings
from hypothesis import strategies as st

from sysutils.cli.options import (
    CommandError,
    Grammar,
    UsageError,
    argument,
    classic,
    given,
    last_given,
    option,
    try_help,
    usage,
)

PLAIN = Grammar()


def toy(grammar: Grammar = PLAIN, nargs: int = -1) -> Any:
    """A command with an option of each kind; its result is what it was given."""

    @classic("toy", grammar=grammar)
    @option("-a", "--all", is_flag=True, help="Everything.")
    @option("-v", count=True, help="More.")
    @option("-n", "--number", metavar="count", help="How many.")
    @option("-m", "--many", multiple=True)
    @option("-w", "--width", optional_value="wide")
    @option("--heading", is_flag=True)
    @option("--header", is_flag=True)
    @option("--heap", "heap", flag_value="small")
    @option("--alarm", is_flag=True, ours=True)
    @option("-kind", "kind")
    @argument("operands", nargs=nargs, required=False)
    def command(**values: Any) -> dict[str, Any]:
        result = {
            name: value for name, value in values.items() if value not in (None, False, 0, ())
        }
        order = [name for name, _ in given()]
        return {**result, "order": order}

    return command


def read(*words: str, grammar: Grammar = PLAIN, nargs: int = -1) -> dict[str, Any]:
    result: dict[str, Any] = toy(grammar, nargs).main(list(words), "toy", standalone_mode=False)
    del result["order"]
    return result


def refusal(*words: str, grammar: Grammar = PLAIN, nargs: int = -1) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read(*words, grammar=grammar, nargs=nargs)
    return caught.value


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("-a", {"all": True}),
        ("-vv -v", {"v": 3}),
        ("-n5", {"number": "5"}),
        ("-n 5", {"number": "5"}),
        ("-avn5", {"all": True, "v": 1, "number": "5"}),
        ("-avn 5 x", {"all": True, "v": 1, "number": "5", "operands": ("x",)}),
        ("-nav", {"number": "av"}),
        ("-n -a", {"number": "-a"}),
        ("-n --", {"number": "--"}),
        ("-n=5", {"number": "=5"}),
        ("--number=5", {"number": "5"}),
        ("--number 5", {"number": "5"}),
        ("--number=", {"number": ""}),
        ("--number=a=b", {"number": "a=b"}),
        ("--num 5", {"number": "5"}),
        ("--n=5", {"number": "5"}),
        ("-m1 --many 2 --man=3", {"many": ("1", "2", "3")}),
        ("-w", {"width": "wide"}),
        ("-w 8", {"width": "wide", "operands": ("8",)}),
        ("-w8", {"width": "8"}),
        ("-aw8", {"all": True, "width": "8"}),
        ("--width", {"width": "wide"}),
        ("--width 8", {"width": "wide", "operands": ("8",)}),
        ("--wi=8", {"width": "8"}),
        ("--heap", {"heap": "small"}),
        ("--headi", {"heading": True}),
        ("--al", {"all": True}),  # --alarm is ours: a prefix never means it
        ("--alarm", {"alarm": True}),
        ("-kind tcp", {"kind": "tcp"}),
        ("-kind=tcp", {"kind": "tcp"}),
        ("x -a y", {"all": True, "operands": ("x", "y")}),
        ("x -- -a", {"operands": ("x", "-a")}),
        ("-- -a --", {"operands": ("-a", "--")}),
        ("-", {"operands": ("-",)}),
        ("-a - -v", {"all": True, "v": 1, "operands": ("-",)}),
        ("", {}),
    ],
)  # fmt: skip
def test_words_are_read_as_getopt_reads_them(words: str, expected: dict[str, Any]) -> None:
    assert read(*words.split()) == expected


def test_an_empty_word_is_an_operand_and_an_empty_value_a_value() -> None:
    assert read("", "-n", "", "-a") == {"operands": ("",), "number": "", "all": True}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("-z", "invalid option -- 'z'"),
        ("-az", "invalid option -- 'z'"),
        ("-é", "invalid option -- 'é'"),
        ("-kin", "invalid option -- 'k'"),
        ("--nosuch", "unrecognized option '--nosuch'"),
        ("--nosuch=3", "unrecognized option '--nosuch=3'"),
        ("--al=3", "option '--all' doesn't allow an argument"),
        ("-n", "option requires an argument -- 'n'"),
        ("-an", "option requires an argument -- 'n'"),
        ("--numb", "option '--number' requires an argument"),
        (
            "--he",
            "option '--he' is ambiguous; possibilities: '--heading' '--header' '--heap' '--help'",
        ),
        ("--head", "option '--head' is ambiguous; possibilities: '--heading' '--header'"),
        ("-kind", "option '-kind' requires an argument"),
    ],
)
def test_errors_have_the_c_library_s_words(words: str, message: str) -> None:
    assert refusal(*words.split()).message == message


def _by_getopt(words: list[str]) -> dict[str, Any] | str:
    """What getopt(1) of util-linux reads, with the C library's reading of words; or its refusal."""
    program = shutil.which("getopt")
    if program is None:
        pytest.skip("no getopt(1) here")
    long = "all,number:,many:,width::,heading,header,heap,help"
    done = subprocess.run(
        [program, "-o", "avn:m:w::", "-l", long, "-n", "toy", "--", *words],
        capture_output=True, text=True, check=False, env={"LC_ALL": "C"},
    )  # fmt: skip
    if done.returncode:
        return done.stderr.splitlines()[0]
    found: dict[str, Any] = {}
    rest = shlex.split(done.stdout)
    while (word := rest.pop(0)) != "--":
        name = {"a": "all", "n": "number", "m": "many", "w": "width"}.get(
            word[1:], word.lstrip("-")
        )
        value: Any = rest.pop(0) if name in {"number", "many", "width"} else True
        if name == "width":
            value = value or "wide"
        if name == "many":
            value = (*found.get("many", ()), value)
        if name == "v":
            value = found.get("v", 0) + 1
        found[name] = "small" if name == "heap" else value
    return {**found, "operands": tuple(rest)} if rest else found


@pytest.mark.classic
@pytest.mark.parametrize(
    "words",
    [
        "-z", "-az", "--nosuch", "--nosuch=3", "--al=3", "-n", "-an", "--numb", "--he", "--head", "--he=3",
        "--h", "-a x -n5 y", "-nav -- -z", "x -w8 -w 9", "--wi=8 --width 7", "- -a -", "--heap --headi",
        "-n -- -a", "--number= -vv", "--=3", "-w -a", "-m1 x --ma=2 -m 3 -- -m", "--heap=3", "-avz",
    ],
)  # fmt: skip
def test_words_and_errors_beside_getopt(words: str) -> None:
    expected = _by_getopt(words.split())
    try:
        found: dict[str, Any] | str = read(*words.split())
    except UsageError as error:
        found = f"toy: {error.message}"
    assert found == expected


def test_options_end_at_the_first_operand_where_the_classic_says_so() -> None:
    stops = Grammar(interspersed=False)
    assert read("-a", "make", "-v", grammar=stops) == {"all": True, "operands": ("make", "-v")}
    assert read("-a", "--", "-v", grammar=stops) == {"all": True, "operands": ("-v",)}


def test_posixly_correct_ends_options_at_the_first_operand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSIXLY_CORRECT", "1")
    assert read("-a", "x", "-v") == {"all": True, "operands": ("x", "-v")}


def test_operands_too_many_are_refused() -> None:
    assert read("x", nargs=1) == {"operands": "x"}
    assert refusal("x", "y", nargs=1).message in {"extra operand ‘y’", "extra operand 'y'"}


def test_words_are_rewritten_before_they_are_read() -> None:
    def old(words: list[str]) -> list[str]:
        if words == ["never"]:
            raise UsageError("never again")
        return [f"-n{word}" if word.isdigit() else word for word in words]

    assert read("5", grammar=Grammar(rewrite=old)) == {"number": "5"}
    assert refusal("never", grammar=Grammar(rewrite=old)).message == "never again"


def test_the_order_of_options_is_kept() -> None:
    result = toy().main(["-v", "-n1", "--all", "-n2"], "toy", standalone_mode=False)
    assert result["order"] == ["v", "number", "all", "number"]
    assert result["number"] == "2"


@pytest.mark.parametrize(
    ("words", "last"), [("--first --second", "second"), ("--second --first", "first"), ("", None)]
)
def test_the_last_of_options_that_exclude_one_another(words: str, last: str | None) -> None:
    @classic("toy", grammar=Grammar())
    @option("--first", is_flag=True)
    @option("--second", is_flag=True)
    def command(first: bool, second: bool) -> Any:
        return last_given(["first", "second"])

    assert command.main(words.split(), "toy", standalone_mode=False) == last


def test_a_value_parsed_at_once_is_refused_before_later_mistakes() -> None:
    def number(text: str) -> int:
        if not text.isdigit():
            raise CommandError(f"no number: {text}")
        return int(text)

    @classic("toy", grammar=Grammar())
    @option("-n", parse=number)
    def command(n: int) -> int:
        return n

    assert command.main(["-n5"], "toy", standalone_mode=False) == 5
    with pytest.raises(CommandError, match="no number: x"):
        command.main(["-nx", "-z"], "toy", standalone_mode=False)


def test_help_is_shown_at_once_whatever_follows(capfd: pytest.CaptureFixture[str]) -> None:
    toy().main(["--help", "--nosuch"], "toy", standalone_mode=False)
    shown = capfd.readouterr().out
    assert "--number" in shown
    assert "How many." in shown


def shown(error: CommandError, capfd: pytest.CaptureFixture[str]) -> str:
    error.show()
    return capfd.readouterr().err


def test_errors_are_told_with_the_command_s_name_status_and_hint(
    capfd: pytest.CaptureFixture[str],
) -> None:
    error = refusal("-z", grammar=Grammar(status=64, hint=try_help))
    assert error.status == 64
    text = "toy: invalid option -- 'z'\nTry 'toy --help' for more information.\n"
    assert shown(error, capfd) == text
    error = refusal("-z", grammar=Grammar(program="error", hint=usage))
    assert error.status == 1
    lines = shown(error, capfd).splitlines()
    assert lines[:3] == ["error: invalid option -- 'z'", "", "Usage:"]
    assert any(line.split("  ")[0] == " -n, --number <count>" for line in lines)
    assert any("  how many" in line.lower() for line in lines)
    assert not any("--alarm" in line for line in lines)  # the classic has no such option


def test_hostile_words_reach_standard_error_as_bytes(capfd: pytest.CaptureFixture[str]) -> None:
    error = refusal("--no\udcffsuch")
    error.show()
    assert "--no" in capfd.readouterr().err


SHORT = "avnmw"
LONG = ["all", "number=", "many=", "heading", "header", "heap"]
words = st.one_of(
    st.sampled_from(["--", "-", "x", "", "-a", "-n", "--num", "--he", "--heap", "--all=1", "--="]),
    st.text("-avnmz=x1", max_size=6),
    st.builds("--{}{}".format, st.sampled_from(["a", "al", "all", "nu", "many", "head", "heap", "x"]),
              st.sampled_from(["", "=", "=v"])),
)  # fmt: skip


def _ours(arguments: list[str], interspersed: bool) -> Any:
    try:

        @classic("toy", grammar=Grammar(interspersed=interspersed))
        @option("-a", "--all", is_flag=True)
        @option("-v", is_flag=True)
        @option("-n", "--number", multiple=True)
        @option("-m", "--many", multiple=True)
        @option("--heading", is_flag=True)
        @option("--header", is_flag=True)
        @option("--heap", is_flag=True)
        @argument("operands", nargs=-1)
        def command(operands: tuple[str, ...], **_: Any) -> Any:
            return given(), list(operands)

        return command.main(arguments, "toy", standalone_mode=False)
    except UsageError:
        return "refused"


_MEANS = {"-a": "all", "-v": "v", "-n": "number", "-m": "many"}


def _python(arguments: list[str], interspersed: bool) -> Any:
    reader = getopt.gnu_getopt if interspersed else getopt.getopt
    try:
        found, operands = reader(arguments, "avn:m:", LONG)
    except getopt.GetoptError:
        return "refused"
    pairs = []
    for name, value in found:
        key = _MEANS.get(name, name.lstrip("-"))
        pairs.append((key, value if key in {"number", "many"} else True))
    return pairs, operands


@settings(max_examples=400, deadline=None)
@random_input(st.lists(words, max_size=6), st.booleans())
def test_random_words_are_read_as_python_s_getopt_reads_them(
    arguments: list[str], interspersed: bool
) -> None:
    assert _ours(arguments, interspersed) == _python(arguments, interspersed)
