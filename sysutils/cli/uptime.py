"""uptime(1) of procps: how long the system has been up, users, load."""

from sysutils.cli.options import Grammar, classic, option, output_options, usage, version_option


@classic("uptime", grammar=Grammar(hint=usage), help_names=("-h", "--help"))
@option("-p", "--pretty", is_flag=True, help="Show uptime in pretty format.")
@option("-s", "--since", is_flag=True, help="Show since when the system is up.")
@version_option("-V", "--version")
@output_options
def command(pretty: bool, since: bool, output: str | None) -> int:
    """Tell how long the system has been running."""
    return 0
