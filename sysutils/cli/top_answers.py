"""Questions of the live top(1), and what is done with the answers."""

import re
from collections.abc import Callable

from sysutils.cli import top_filter
from sysutils.cli import top_words as words
from sysutils.cli.grammar import CommandError
from sysutils.cli.live.scroll import Scroll
from sysutils.cli.signals import signal_names, signal_number
from sysutils.cli.top_state import LOOK, Effect, Pressed, Prompt, Sight, State

_SHORTEST = 0.1
_WIDEST = 60


def answer(state: State, prompt: Prompt, text: str, sight: Sight) -> Pressed:
    """What follows of an answer; one that makes no sense is told, and changes nothing."""
    try:
        return _ANSWERS[prompt.kind](state, prompt, text, sight)
    except (CommandError, ValueError) as error:
        return state._replace(message=str(getattr(error, "message", error))), ()


def asked_for(state: State) -> str:
    """Which processes were chosen, in words."""
    found = [text.removeprefix("\0") for text in state.filters]
    found += [f"“{state.text}”"] if state.text else []
    found += [f"user {state.user}"] if state.user else []
    found += [f"any id {state.any_user}"] if state.any_user else []
    found += [f"pid {', '.join(map(str, state.pids))}"] if state.pids else []
    found += ["what used CPU"] if not state.settings.idle else []
    return "  and  ".join(found)


def _whole(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[-+]?[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise CommandError(f"{text} is no number from {least} to {most}")
    return int(text)


# --- the screen


def _delay(state: State, _: Prompt, text: str, __: Sight) -> Pressed:
    if not text:
        return state, ()
    interval = max(_SHORTEST, words.delay(text))
    return state._replace(settings=state.settings._replace(interval=interval)), ()


def _view(state: State, _: Prompt, text: str, __: Sight) -> Pressed:
    settings = state.settings
    names = [view.name.lower() for view in settings.views]
    if not text:
        return state, ()
    place = names.index(text.lower()) + 1 if text.lower() in names else _whole(text, 1, len(names))
    return state._replace(settings=settings._replace(view=place - 1), left=0), (LOOK,)


def _name(state: State, _: Prompt, text: str, __: Sight) -> Pressed:
    if not text:
        return state, ()
    return state._replace(settings=state.settings.with_view(name=text[:8])), ()


def _wider(state: State, _: Prompt, text: str, __: Sight) -> Pressed:
    wider = _whole(text or "0", 0, _WIDEST)
    return state._replace(settings=state.settings._replace(wider=wider)), ()


def _most(state: State, _: Prompt, text: str, __: Sight) -> Pressed:
    most = _whole(text or "0", 0, 1 << 22)
    return state._replace(settings=state.settings._replace(most=most)), ()


# --- which processes


def _filter(state: State, prompt: Prompt, text: str, _: Sight) -> Pressed:
    if not text:
        return state._replace(filters=()), (LOOK,)
    exact = prompt.kind == "exact filter"
    top_filter.parse(text, exact)
    return state._replace(filters=(*state.filters, "\0" * exact + text)), (LOOK,)


def _text(state: State, _: Prompt, text: str, __: Sight) -> Pressed:
    return state._replace(text=text), (LOOK,)


def _user(state: State, prompt: Prompt, text: str, _: Sight) -> Pressed:
    if text:
        words.Owner(text)
    effective = prompt.kind == "user"
    changed = state._replace(user=text if effective else "", any_user="" if effective else text)
    return changed, (LOOK,)


def searched(state: State, text: str, step: int, sight: Sight) -> State:
    """The selection on the next line with the text: from the one selected on, or before, or after it. It
    stays with that process, for the next look may put another one there."""
    state = state._replace(search=text)
    count, wanted = len(sight.pids), text.casefold()
    if not wanted or not count or sight.line is None:
        return state
    start = state.scroll.place + step
    for turn in range(count):
        place = (start + (turn if step >= 0 else -turn)) % count
        if wanted in sight.line(place).casefold():
            scroll = Scroll(state.scroll.top, place).within(count, sight.page)
            return state._replace(scroll=scroll, follow=sight.pids[place])
    return state._replace(message=f"{text} is not in the table")


def _find(state: State, _: Prompt, text: str, sight: Sight) -> Pressed:
    return searched(state, text, 0, sight), ()


# --- what is done to processes


def _who(pids: tuple[int, ...], sight: Sight) -> str:
    if len(pids) == 1:
        return f"{pids[0]} {sight.name(pids[0])}".strip()
    return f"{len(pids)} processes"


def signal_question(state: State, pids: tuple[int, ...], sight: Sight) -> Pressed:
    """Which signal to send; before that nothing is done."""
    question = f"Signal for {_who(pids, sight)} (15 TERM):"
    return state._replace(prompt=Prompt("signal", question, about=pids)), (("remember", pids),)


def nice_question(state: State, pids: tuple[int, ...], sight: Sight) -> Pressed:
    """Which nice value to set."""
    question = f"Nice value of {_who(pids, sight)} (-20 to 19):"
    return state._replace(prompt=Prompt("nice", question, about=pids)), (("remember", pids),)


def _target(state: State, prompt: Prompt, text: str, sight: Sight) -> Pressed:
    found = re.split(r"[\s,]+", text) if text else [str(pid) for pid in prompt.about if pid]
    pids = tuple(_whole(word, 1, 1 << 30) for word in found if word)
    if not pids:
        return state, ()
    ask = signal_question if prompt.kind == "target" else nice_question
    return ask(state, pids, sight)


def _signal(state: State, prompt: Prompt, text: str, _: Sight) -> Pressed:
    number = signal_number(text or "TERM")
    if number is None:
        raise CommandError(f"unknown signal {text}")
    effect: Effect = ("signal", prompt.about, number)
    return state, (effect, LOOK)


def _nice(state: State, prompt: Prompt, text: str, _: Sight) -> Pressed:
    if not text:
        return state, ()
    effect: Effect = ("renice", prompt.about, _whole(text, -20, 19))
    return state, (effect, LOOK)


def signal_text(number: int) -> str:
    """``15 TERM``."""
    name = signal_names().get(number)
    return f"{number} {name}" if name else str(number)


_ANSWERS: dict[str, Callable[[State, Prompt, str, Sight], Pressed]] = {
    "delay": _delay, "view": _view, "name": _name, "wider": _wider, "most": _most, "filter": _filter,
    "exact filter": _filter, "text": _text, "user": _user, "any user": _user, "find": _find,
    "target": _target, "nice target": _target, "signal": _signal, "nice": _nice,
}  # fmt: skip
