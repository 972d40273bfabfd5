"""The command line: gouji check, template, fill, compare, summary, distribute, rules."""

import argparse
import os
import sys
from importlib import import_module
from typing import NoReturn

from gouji_checks.commands import FAILED, fail
from gouji_checks.formula import FormulaError
from gouji_templates import __version__
from gouji_templates.form import FormError

COMMANDS = ("check", "template", "fill", "compare", "summary", "distribute", "rules")

_SAID = {
    "the following arguments are required: ": "缺少参数：",
    "unrecognized arguments: ": "不认识的参数：",
    "invalid choice: ": "不能用 ",
    "expected one argument": "后面要跟一个值",
    "expected at least one argument": "后面至少要跟一个值",
    "invalid int value: ": "应为整数，不能用 ",
    "argument ": "参数 ",
    "choose from": "可选",
}


class Parser(argparse.ArgumentParser):
    """argparse that speaks Chinese to the person who mistyped."""

    def error(self, message: str) -> NoReturn:
        for said, meant in _SAID.items():
            message = message.replace(said, meant)
        self.exit(FAILED, f"{self.prog}：{message}。用 {self.prog} --help 看用法\n")

    def format_help(self) -> str:
        text = super().format_help()
        for said, meant in (
            ("usage:", "用法："),
            ("positional arguments:", "参数："),
            ("options:", "选项："),
            ("show this help message and exit", "显示这段说明"),
            ("show program's version number and exit", "显示版本"),
        ):
            text = text.replace(said, meant)
        return text


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    speak_utf8()
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = _parser(arguments)
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help()
        return FAILED
    try:
        return int(args.run(args))
    except (FormError, FormulaError) as error:
        return fail(str(error))
    except BrokenPipeError:
        # The reader (head, less) has gone; Python would complain again while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return FAILED
    except KeyboardInterrupt:
        return fail("已中断")


def speak_utf8() -> None:
    """Windows consoles and pipes default to other encodings; the findings are Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    parser = Parser(prog="gouji", description="勾稽：核对部门预算公开表，找出对不上的数")
    parser.add_argument("--version", action="version", version=f"gouji {__version__}")
    commands = parser.add_subparsers(dest="command", parser_class=Parser, metavar="命令")

    wanted = [arguments[0]] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS
    for name in wanted:
        # Only the command asked for is imported; for help, all of them.
        import_module(f"gouji_checks.commands.{name}").add(commands)
    return parser


def run() -> NoReturn:
    """The console script. Leaves without tearing down the interpreter, which would take as long as a check."""
    import gc

    # Nearly everything made here lives until the end or dies at once; collecting cycles often finds nothing.
    gc.set_threshold(100_000, 50, 100)
    try:
        code = main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else FAILED
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = FAILED
    os._exit(code)


if __name__ == "__main__":
    run()
