"""The command line: gouji check, template, rules."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import NoReturn

from gouji_checks.formula import FormulaError
from gouji_checks.single import Options, Result, check_file, workbooks_in
from gouji_templates import __version__
from gouji_templates.form import DEFAULT_FORM, FormError

CLEAN, FINDINGS, FAILED = 0, 1, 2
"""Exit codes: nothing wrong (尾差 and warnings allowed); an error-level finding; something unreadable or bad usage."""

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


class _Parser(argparse.ArgumentParser):
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
    _speak_utf8()
    parser = _parser()
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help()
        return FAILED
    try:
        return int(args.run(args))
    except (FormError, FormulaError) as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader (head, less) has gone; Python would complain again while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return FAILED
    except KeyboardInterrupt:
        return _fail("已中断")


def _speak_utf8() -> None:
    """Windows consoles and pipes default to other encodings; the findings are Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="gouji", description="勾稽：核对部门预算公开表，找出对不上的数")
    parser.add_argument("--version", action="version", version=f"gouji {__version__}")
    commands = parser.add_subparsers(dest="command", parser_class=_Parser, metavar="命令")

    check = commands.add_parser("check", help="核对工作簿或整个文件夹", description="核对工作簿或整个文件夹")
    check.add_argument("paths", nargs="+", metavar="PATH", help="工作簿（.xlsx .xlsm .xls）或文件夹")
    check.add_argument("--format", choices=("text", "json"), default="text", help="输出文字或 JSON")
    _add_form(check)
    check.add_argument("--codes", default="", metavar="FILE", help="完整的科目表（.csv 或 .xlsx：编码、名称两栏）")
    check.add_argument("--jobs", type=int, default=0, metavar="N", help="同时用几个进程，默认与处理器数相同")
    check.set_defaults(run=_check)

    template = commands.add_parser("template", help="生成空白模板", description="生成空白的部门预算公开表")
    template.add_argument("-o", "--output", required=True, metavar="FILE", help="存为哪个文件（.xlsx）")
    template.add_argument("--department", default="", metavar="NAME", help="部门名称")
    template.add_argument("--year", type=int, default=0, metavar="YEAR", help="预算年度")
    template.add_argument("--form", default=DEFAULT_FORM, metavar="FORM", help="表样编号或 .toml 文件")
    template.add_argument("--force", action="store_true", help="覆盖已有的文件")
    template.set_defaults(run=_template)

    rules = commands.add_parser("rules", help="列出核对的规则", description="列出核对的规则和勾稽关系")
    rules.add_argument("id", nargs="?", default="", metavar="ID", help="只看一条，如 X38")
    rules.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="输出格式")
    _add_form(rules)
    rules.set_defaults(run=_rules)
    return parser


def _add_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--form", default=DEFAULT_FORM, metavar="FORM", help="表样编号或 .toml 文件")
    parser.add_argument("--relations", default="", metavar="FILE", help="另用一份勾稽关系 .toml 文件")


def _fail(message: str) -> int:
    sys.stderr.write(message.rstrip("。") + "。\n")
    return FAILED


def _check(args: argparse.Namespace) -> int:
    if args.jobs < 0:
        return _fail(f"--jobs 应为正整数，不能用 {args.jobs}")
    _validate(args)
    started = time.perf_counter()
    options = Options(args.form, args.relations, args.codes, args.format)
    empty = [path for path in args.paths if os.path.isdir(path) and next(workbooks_in([path]), None) is None]
    for path in empty:
        _fail(f"文件夹“{path}”里没有工作簿（.xlsx、.xlsm、.xls）")
    tally = {"clean": 0, "findings": 0, "unreadable": 0}
    errors = warnings = 0
    printer = _JsonPrinter() if args.format == "json" else _TextPrinter()
    for result in _progress(_results(args.paths, options, args.jobs), args.paths):
        tally[result.status] += 1
        errors += result.errors
        warnings += result.warnings
        printer.print(result)
    printer.close()
    total = sum(tally.values())
    if total != 1 and args.format == "text" and total:
        sys.stdout.write(
            f"共 {total} 个文件：{tally['clean']} 个没有错误，{tally['findings']} 个有错误，"
            f"{tally['unreadable']} 个不能核对；错误 {errors} 条，提示 {warnings} 条；"
            f"用时 {time.perf_counter() - started:.1f} 秒\n"
        )
    sys.stdout.flush()
    if empty or tally["unreadable"]:
        return FAILED
    return FINDINGS if tally["findings"] else CLEAN


def _validate(args: argparse.Namespace) -> None:
    """Load what every file needs once, so that a mistake in it is said once and not for each file."""
    from gouji_checks.relation import load

    load(args.form, args.relations)
    if args.codes:
        from gouji_checks.official import load as load_official
        from gouji_checks.source import Unreadable

        try:
            load_official(args.codes)
        except Unreadable as error:
            raise FormError(str(error)) from error


def _results(paths: list[str], options: Options, jobs: int) -> Iterator[Result]:
    files = workbooks_in(paths)
    if len(paths) == 1 and not os.path.isdir(paths[0]):
        # The usual case of one file needs none of the machinery for many.
        return (check_file(path, options) for path in files)
    from gouji_checks.batch import check_files

    return check_files(files, options, jobs)


def _progress(results: Iterator[Result], paths: list[str]) -> Iterable[Result]:
    """A progress bar on the error stream, when a person is watching it and there is something to wait for."""
    if not sys.stderr.isatty() or (len(paths) == 1 and not os.path.isdir(paths[0])):
        return results
    from tqdm import tqdm

    return tqdm(results, total=sum(1 for _ in workbooks_in(paths)), unit="个", desc="核对", file=sys.stderr)


class _TextPrinter:
    """Prints each file's report as it comes."""

    def print(self, result: Result) -> None:
        if sys.stderr.isatty() and sys.stdout.isatty() and "tqdm" in sys.modules:
            from tqdm import tqdm

            tqdm.write(result.words, end="")
        else:
            sys.stdout.write(result.words)

    def close(self) -> None:
        pass


class _JsonPrinter:
    """Prints one JSON object, file by file, so that a thousand reports are never in memory together."""

    def __init__(self) -> None:
        self._between = ""
        sys.stdout.write(f'{{"gouji": "{__version__}", "files": [')

    def print(self, result: Result) -> None:
        sys.stdout.write(self._between + result.words)
        self._between = ",\n"

    def close(self) -> None:
        sys.stdout.write("]}\n")


def _template(args: argparse.Namespace) -> int:
    from pathlib import Path

    from gouji_templates.content import blank
    from gouji_templates.form import load as load_form
    from gouji_templates.workbook import write

    if not args.output.lower().endswith(".xlsx"):
        return _fail(f"模板要存为 .xlsx 文件，不能是“{args.output}”")
    if os.path.exists(args.output) and not args.force:
        return _fail(f"“{args.output}”已经存在，没有覆盖；要覆盖请加 --force")
    if args.year and not 2000 <= args.year <= 2099:
        return _fail(f"--year 应为四位年份，不能用 {args.year}")
    form = load_form(args.form)
    try:
        write(Path(args.output), form, blank(form, args.department, args.year or None))
    except OSError as error:
        return _fail(f"不能写入“{args.output}”：{error.strerror}")
    sys.stdout.write(
        f"已生成 {args.output}：{form.title}，{args.department or '部门名称待填'}，{args.year or form.year}年\n"
    )
    return CLEAN


def _rules(args: argparse.Namespace) -> int:
    from gouji_checks import catalogue
    from gouji_checks.relation import load

    found = catalogue.entries(load(args.form, args.relations))
    if args.id:
        wanted = args.id.upper()
        found = [entry for entry in found if entry.id == wanted] or [e for e in found if e.id.startswith(wanted + ".")]
        if not found:
            return _fail(f"没有编号为“{args.id}”的规则；gouji rules 可看全部")
    if args.format == "json":
        import json

        sys.stdout.write(json.dumps(catalogue.as_objects(found), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(catalogue.as_markdown(found) if args.format == "markdown" else catalogue.as_text(found))
    return CLEAN


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
