"""Lines with colours as cells."""

import re

from hypothesis import given
from hypothesis import strategies as st

from sysutils.cli.live import styled
from sysutils.cli.output.text import cells

RED, RESET = "\x1b[31m", "\x1b[0m"
pieces = st.lists(
    st.sampled_from(
        [RED, RESET, "\x1b[1m", "a", "é", "漢", "e\u0301", " ", "\x1b[2J", "\t", "\udcff"]
    )
)


def bare(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def test_styles_go_with_their_cells() -> None:
    line = styled.parse(f"a{RED}b漢{RESET}c")
    assert [cell.text for cell in line] == ["a", "b", "漢", "", "c"]
    assert [cell.style for cell in line] == ["", RED, RED, RED, ""]
    assert styled.text_of(line) == f"a{RED}b漢{RESET}c"
    assert styled.text_of(styled.cut(line, 2)) == f"a{RED}b{RESET}"


def test_half_of_a_wide_character_is_a_blank() -> None:
    line = styled.parse("a漢字")
    assert styled.text_of(styled.cut(line, 2)) == "a "
    assert styled.text_of(styled.cut(line, 4)) == "a漢 "
    assert styled.text_of(styled.cut(line, 3, 2)) == " 字"
    assert styled.text_of(styled.cut(line, 3, 9)) == ""


def test_what_combines_stays_with_its_character() -> None:
    line = styled.parse("e\u0301x")
    assert [cell.text for cell in line] == ["e\u0301", "x"]
    assert styled.parse("\u0301") == []


def test_nothing_that_a_terminal_would_obey_is_left() -> None:
    text = styled.text_of(styled.parse("a\x1b[2J\x1b]0;title\x07\t\x9bb\udcff"))
    assert text.isprintable() or "\x1b" not in text
    assert text.startswith("a")
    assert "\x1b" not in text
    assert "\x07" not in text


def test_changes_stand_out() -> None:
    before, now = styled.parse("cpu 12%"), styled.parse(f"cpu {RED}17%{RESET}")
    assert styled.text_of(styled.marked(now, before)) == f"cpu {RED}\x1b[7m17%{RESET}"
    before, now = styled.parse("━━── 50%"), styled.parse("━━━─ 50%")
    assert styled.text_of(styled.marked(now, before)) == f"━━\x1b[7m━{RESET}─ 50%"
    assert styled.marked(now, None) == now
    assert bare(styled.text_of(styled.marked(styled.parse("ab"), []))) == "ab"
    assert "\x1b[7m" in styled.text_of(styled.marked(styled.parse("ab"), []))
    assert "\x1b[7m" not in styled.text_of(styled.marked(styled.parse("  "), []))


@given(pieces, st.integers(0, 12), st.integers(0, 6))
def test_a_cut_line_is_never_wider(parts: list[str], width: int, start: int) -> None:
    line = styled.parse("".join(parts))
    assert cells(bare(styled.text_of(styled.cut(line, width, start)))) <= width
    assert len(line) == cells(bare(styled.text_of(line)))
