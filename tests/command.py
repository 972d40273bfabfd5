"""gouji run with arguments, as from a shell, within this process."""

from gouji_checks.cli import main


def run(*arguments: object) -> int:
    """The exit code, whether returned or raised by the argument parser."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)
