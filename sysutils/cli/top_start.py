"""What the live top(1) begins with: what was saved, changed by the options of the command line."""

from typing import Any, NamedTuple

from sysutils.cli import top_config
from sysutils.cli.top_state import State


class Asked(NamedTuple):
    """Options that have a usual value, None where they were not given."""

    seconds: float | None = None
    order: Any = None
    summary_scale: int | None = None
    task_scale: int | None = None


def state(options: Any, asked: Asked) -> State:
    """The state at the start."""
    settings, said = top_config.load()
    settings = settings._replace(
        cmdline=settings.cmdline != options.cmdline,
        cumulative=settings.cumulative != options.cumulative,
        per_cpu=settings.per_cpu != options.per_cpu,
        idle=settings.idle == options.idle,
        threads=settings.threads or options.threads,
    )
    if asked.seconds is not None:
        settings = settings._replace(interval=max(asked.seconds, 0.1))
    if asked.summary_scale is not None:
        settings = settings._replace(summary_scale=asked.summary_scale + 1)
    if asked.task_scale is not None:
        settings = settings._replace(task_scale=asked.task_scale + 1)
    if asked.order is not None:
        settings = settings.with_view(sort=asked.order.name, descending=asked.order.descending)
    user, any_user = (
        owner.text if owner is not None else "" for owner in (options.user, options.any_user)
    )
    return State(settings, user=user, any_user=any_user, pids=options.pids, message=said)
