"""What the commands write as JSON and CSV is as ``docs/schemas`` says, here and on recorded machines."""

from __future__ import annotations

import csv
import functools
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from sysutils.cli import COMMANDS
from sysutils.cli.fields.process_table import FIELDS
from sysutils.cli.pmap_columns import DETAILED
from tests.rules.sources import ROOT, name_of
from tests.support.children import linux_only, threads
from tests.support.sockets import Sockets

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

    from tests.cli.conftest import Run

pytestmark = linux_only

SCHEMAS = ROOT / "docs/schemas"
_EVERY_FIELD = ",".join(sorted(name for name in FIELDS if not name.startswith("_")))
#: command -> command lines; PID is the pid of a process of the test's
LINES = {
    "df": ["-a", "-a --total", "--output=file,target,ipcent /"],
    "free": ["", "-l -t -v", "-c 2 -s 0.01"],
    "ifconfig": ["-a", "lo"],
    "ionice": ["-p PID"],
    "iostat": ["", "-x -p ALL", "-d -x -g all -H", "-c 1 2"],
    "iotop": ["-b -n 1", "-b -P -n 2 -d 0.1"],
    "kill": ["-l", "-L", "-l 9"],
    "lsof": ["-p PID", "-i", "-U", "-R -g -p PID", "-K -p PID", "-a -p PID -d 0-9"],
    "netstat": ["", "-a", "-ax", "-atoe", "-anp", "-r", "-rn6", "-i", "-s", "-g", "-kind all"],
    "nice": [""],
    "pidof": ["python3 python sh init systemd"],
    "pmap": ["PID", "-x PID", "-X PID", "-XX PID", "-d PID"],
    "ps": ["", "aux", "-ef", "-eLf", "axm", "axs", "axv", "axl", "axj", "-ejH", "axX", "-eFM",
           f"-eo {_EVERY_FIELD}", f"axmo {_EVERY_FIELD}", "-eL -o pid,lwp,comm,cls,wchan"],
    "taskset": ["-p PID", "-cp PID", "-ap PID", "-cp 0-9999 PID"],
    "top": ["-n 1", "-b -n 2 -d 0.1", "-b -n 1 -H -c", "-b -n 1 -1 -S"],
    "tty": [""],
    "uptime": ["", "-p"],
    "who": ["", "-a", "-a /nosuchfile"],
}  # fmt: skip
CASES = [(name, line) for name in sorted(COMMANDS) for line in LINES.get(name, [])]


@functools.cache
def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _validator(name: str, line: bool = False) -> Validator:
    from jsonschema import Draft202012Validator

    found = schema(name)
    if line:
        rows = [{"$ref": f"#/$defs/{table}"} for table in found["$defs"]]
        found = {"$schema": found["$schema"], "anyOf": rows, "$defs": found["$defs"]}
    return Draft202012Validator(found)


def _wrong(validator: Validator, value: Any) -> list[str]:
    from jsonschema.exceptions import best_match

    error = best_match(validator.iter_errors(value))
    return [] if error is None else [f"{error.json_path}: {error.message[:300]}"]


def _ask(run: Run, name: str, line: str, form: str) -> str:
    with threads(2) as child, Sockets() as sockets:
        sockets.connected()
        sockets.unix()
        words = line.replace("PID", str(child.pid)).split()
        words = [*words, f"--{form}"] if name == "ps" else [f"--{form}", *words]
        done = run(name, *words, timeout=300)
    if name == "iotop" and done.returncode:
        pytest.skip(f"not allowed here: {done.stderr.decode()}")
    return done.stdout.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize(("name", "line"), CASES, ids=[f"{n} {line[:40]}" for n, line in CASES])
def test_json_is_as_its_schema_says(name: str, line: str, sysutils: Run) -> None:
    assert _wrong(_validator(name), json.loads(_ask(sysutils, name, line, "json"))) == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_line_of_jsonl_is_as_its_schema_says(name: str, sysutils: Run) -> None:
    validator = _validator(name, line=True)
    for row in _ask(sysutils, name, LINES[name][0], "jsonl").splitlines():
        assert _wrong(validator, json.loads(row)) == []


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"top"}))  # its lines are not its objects
def test_the_heading_of_csv_has_the_schema_s_names(name: str, sysutils: Run) -> None:
    heads = next(csv.reader(io.StringIO(_ask(sysutils, name, LINES[name][0], "csv"))))
    tables = schema(name)["$defs"].values()
    assert any(set(heads) <= set(table["properties"]) for table in tables)


def test_every_command_is_asked_and_answers(sysutils: Run) -> None:
    assert set(LINES) >= set(COMMANDS)
    for name in ("df", "free", "ps", "netstat"):
        assert json.loads(sysutils(name, "--json").stdout), name


@pytest.mark.parametrize("path", sorted((ROOT / "tests/golden").glob("*/*.json.txt")), ids=name_of)
def test_golden_json_is_as_its_schema_says(path: Any) -> None:
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert _wrong(_validator(path.parent.name), rows) == []


def test_a_row_of_another_shape_is_refused() -> None:
    row = dict.fromkeys(column.name for column in DETAILED) | {"pid": 1}
    assert _wrong(_validator("pmap"), [row]) == []
    for wrong in ({"pid": "1"}, {"pid": None}, {"rss": 1.5}, {"vm_flags": 3}, {"more": 1}):
        assert _wrong(_validator("pmap"), [row | wrong])
    assert _wrong(_validator("pmap"), [{"pid": 1}])
    assert _wrong(_validator("pmap"), row)
