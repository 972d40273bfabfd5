"""gouji check: what does not tie in workbooks and folders, and which cell to mend."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gouji_checks.commands import CLEAN, FAILED, FINDINGS, add_form, fail, watched
from gouji_checks.single import Options, Result, check_file, empty_folders, prepare, workbooks_in
from gouji_templates import __version__
from gouji_templates.form import FormError

if TYPE_CHECKING:
    from gouji_checks.compare.last_years import LastYears
    from gouji_checks.manifest import Attendance, Roll


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declares the command."""
    parser = commands.add_parser("check", help="核对工作簿或整个文件夹", description="核对工作簿或整个文件夹")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="工作簿（.xlsx .xlsm .xls）或文件夹")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出文字或 JSON")
    add_form(parser)
    parser.add_argument("--codes", default="", metavar="FILE", help="完整的科目表（.csv 或 .xlsx：编码、名称两栏）")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="同时用几个进程，默认与处理器数相同")
    parser.add_argument("--manifest", default="", metavar="FILE", help="发放清单（.csv）：另列出谁还没有交")
    parser.add_argument(
        "--prior",
        default="",
        metavar="PATH",
        help="上年工作簿，用来核对上年数；核对文件夹时是上年工作簿的文件夹，按部门编码或名称对应",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the report of every file; the exit code is the gravest."""
    if args.jobs < 0:
        return fail(f"--jobs 应为正整数，不能用 {args.jobs}")
    options = Options(args.form, args.relations, args.codes, args.format)
    prepare(options)
    roll = _roll(args.manifest)
    if wrong := _wrong_prior(args.prior, args.paths):
        return fail(wrong)
    last_years, problems = _last_years(args)
    fail(*problems)
    options = options._replace(last_years=last_years)
    started = time.perf_counter()
    empty = empty_folders(args.paths)
    fail(*empty)
    tally = {"clean": 0, "findings": 0, "unreadable": 0}
    errors = warnings = 0
    printer = _JsonPrinter() if args.format == "json" else _TextPrinter()
    for result in _progress(_results(args.paths, options, args.jobs), args.paths):
        tally[result.status] += 1
        errors += result.errors
        warnings += result.warnings
        printer.print(result)
        if roll:
            roll.tick(result)
    found = roll.attendance() if roll else None
    printer.close(found)
    total = sum(tally.values())
    if total != 1 and args.format == "text" and total:
        sys.stdout.write(
            f"共 {total} 个文件：{tally['clean']} 个没有错误，{tally['findings']} 个有错误，"
            f"{tally['unreadable']} 个不能核对；错误 {errors} 条，提示 {warnings} 条；"
            f"用时 {time.perf_counter() - started:.1f} 秒\n"
        )
    sys.stdout.flush()
    if empty or problems or tally["unreadable"]:
        return FAILED
    return FINDINGS if tally["findings"] or (found and found.not_returned) else CLEAN


def _roll(path: str) -> "Roll | None":
    """The manifest to tick the files off, where there is one."""
    if not path:
        return None
    from gouji_checks.manifest import open_roll
    from gouji_templates.manifest import ManifestError

    try:
        return open_roll(path)
    except ManifestError as error:
        raise FormError(str(error)) from error


def _wrong_prior(prior: str, paths: list[str]) -> str:
    """Why last year's workbooks can't be those that are named; nothing where they can."""
    if not prior:
        return ""
    if not os.path.exists(prior):
        return f"--prior 指的“{prior}”不存在，请检查路径"
    if os.path.isdir(prior):
        return ""
    if len(paths) > 1 or os.path.isdir(paths[0]):
        return "--prior 是一个文件时只能核对一个工作簿；核对多个工作簿，--prior 应为上年工作簿的文件夹"
    if os.path.exists(paths[0]) and os.path.samefile(prior, paths[0]):
        return f"“{prior}”就是要核对的本年工作簿，--prior 应为上年的工作簿"
    return ""


def _last_years(args: argparse.Namespace) -> "tuple[LastYears | None, tuple[str, ...]]":
    """Where to look for last year's workbooks, if anywhere: those that are named, or else the manifest's; and what
    could not be read."""
    if not args.prior and not args.manifest:
        return None, ()
    from gouji_checks.compare.last_years import LastYears, in_folder, in_manifest

    if os.path.isdir(args.prior):
        return in_folder(args.prior, args.form, args.jobs)
    if args.prior:
        return LastYears(only=args.prior), ()
    from gouji_templates.manifest import read

    return in_manifest(read(Path(args.manifest)), os.path.dirname(args.manifest)), ()


def _results(paths: list[str], options: Options, jobs: int) -> Iterator[Result]:
    files = workbooks_in(paths)
    if len(paths) == 1 and not os.path.isdir(paths[0]):
        # The usual case of one file needs none of the machinery for many.
        return (check_file(path, options) for path in files)
    from gouji_checks.batch import check_files

    return check_files(files, options, jobs)


def _progress(results: Iterator[Result], paths: list[str]) -> Iterable[Result]:
    """A progress bar when a person is watching and there is something to wait for."""
    if not sys.stderr.isatty() or (len(paths) == 1 and not os.path.isdir(paths[0])):
        return results
    return watched(results, "核对", sum(1 for _ in workbooks_in(paths)))


class _TextPrinter:
    """Prints each file's report as it comes."""

    def print(self, result: Result) -> None:
        if sys.stderr.isatty() and sys.stdout.isatty() and "tqdm" in sys.modules:
            from tqdm import tqdm

            tqdm.write(result.words, end="")
        else:
            sys.stdout.write(result.words)

    def close(self, found: "Attendance | None") -> None:
        """The last of it: who is missing, where there is a manifest."""
        if found:
            from gouji_checks.manifest import text

            sys.stdout.write(text(found))


class _JsonPrinter:
    """Prints one JSON object, file by file, so that a thousand reports are never in memory together."""

    def __init__(self) -> None:
        self._between = ""
        sys.stdout.write(f'{{"gouji": "{__version__}", "files": [')

    def print(self, result: Result) -> None:
        sys.stdout.write(self._between + result.words)
        self._between = ",\n"

    def close(self, found: "Attendance | None") -> None:
        """The end of the object, with who is missing where there is a manifest."""
        sys.stdout.write("]")
        if found:
            import json

            from gouji_checks.manifest import as_json

            sys.stdout.write(',\n"manifest": ' + json.dumps(as_json(found), ensure_ascii=False, indent=2))
        sys.stdout.write("}\n")
