"""``python -m sysutils COMMAND``."""

from sysutils.cli.main import run

if __name__ == "__main__":
    run()
