"""gouji summary: a whole bureau at a glance, from a folder of its departments' workbooks."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji_checks.commands import CLEAN, FAILED, FINDINGS, add_form, fail, indented, watched
from gouji_checks.single import Options, empty_folders, prepare, workbooks_in

if TYPE_CHECKING:
    from gouji_checks.summary.overview import Overview
    from gouji_checks.summary.store import Store

_ABOUT = (
    "核对文件夹里的全部工作簿，汇总成一个 .xlsx：部门一览、问题清单、排名与分布，以及各部门相加的表1 至表11。"
    "有错误的部门不计入汇总表（--all 也计入）。核对过、没有改动的文件不再核对，中断后再运行会接着做。"
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declares the command."""
    parser = commands.add_parser("summary", help="汇总整个文件夹", description=_ABOUT)
    parser.add_argument("paths", nargs="+", metavar="DIR", help="文件夹或工作簿（.xlsx .xlsm .xls）")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="写到哪个 .xlsx 文件")
    parser.add_argument("--html", default="", metavar="FILE", help="另写一个网页（一个文件，不用联网）")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="在屏幕上输出文字或 JSON")
    parser.add_argument("--all", action="store_true", help="有错误的部门也计入汇总表")
    add_form(parser)
    parser.add_argument("--codes", default="", metavar="FILE", help="完整的科目表（.csv 或 .xlsx：编码、名称两栏）")
    parser.add_argument(
        "--prior", default="", metavar="DIR", help="上年工作簿的文件夹，按部门编码或名称对应，补上工作簿里没有的上年数"
    )
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="同时用几个进程，默认与处理器数相同")
    parser.add_argument(
        "--dask",
        default="",
        metavar="ADDRESS",
        help="交给 Dask 集群核对（如 tcp://10.0.0.5:8786）；各机器须能用同样的路径读到文件，并装有相同的 gouji",
    )
    parser.add_argument("--no-cache", action="store_true", help="全部重新核对，也不保存核对结果")
    parser.add_argument("--cache", default="", metavar="DIR", help="核对结果保存在哪个文件夹，默认在用户的缓存文件夹")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the summary; the exit code is the gravest."""
    if misused := list(_misused(args)):
        return fail(*misused)
    options, unread = _options(args)
    problems = [*unread, *empty_folders(args.paths)]
    if _is_department(args.output, [*args.paths, *filter(None, [args.prior])]):
        return fail(f"“{args.output}”是部门的工作簿，不能用汇总覆盖它，请换一个文件名")
    fail(*problems)
    from gouji_checks.executors import ClusterError
    from gouji_checks.summary.choice import YearError
    from gouji_checks.summary.spool import Spool, SpoolError

    try:
        with Spool() as spool:
            return max(_summed_up(args, _survey(args, options, unread, spool)), FAILED if problems else CLEAN)
    except (ClusterError, YearError, SpoolError) as error:
        return fail(str(error))


def _summed_up(args: argparse.Namespace, overview: "Overview") -> int:
    """Writes the summary and says what was found; returns the exit code."""
    from gouji_templates.system_error import cause

    if not overview.readable:
        for row in overview.rows:
            fail(f"{row.file}：{row.record.message}")
        return fail("没有一个能核对的工作簿，没有生成汇总")
    try:
        _write(args, overview)
    except OSError as error:
        return fail(f"不能写入“{error.filename or args.output}”：{cause(error)}")
    return _print(args, overview)


def _misused(args: argparse.Namespace) -> Iterator[str]:
    if not find_spec("pandas"):
        yield "没有安装 pandas，不能汇总，请先执行 pip install pandas"
    if args.jobs < 0:
        yield f"--jobs 应为正整数，不能用 {args.jobs}"
    if args.prior and not os.path.isdir(args.prior):
        yield f"--prior 应为上年工作簿的文件夹，没有“{args.prior}”这个文件夹"
    for path, suffixes in ((args.output, (".xlsx",)), (args.html, (".html", ".htm"))):
        if path and not path.lower().endswith(suffixes):
            yield f"要存为 {suffixes[0]} 文件，不能用“{path}”"
        elif path and not Path(path).absolute().parent.is_dir():
            yield f"不能写入“{path}”：没有这个文件夹"


def _options(args: argparse.Namespace) -> tuple[Options, tuple[str, ...]]:
    """How files are checked, and what could not be read of last year's."""
    options = Options(args.form, args.relations, args.codes)
    prepare(options)
    if not args.prior:
        return options, ()
    from gouji_checks.compare.last_years import in_folder

    # Absolute, for a worker may have another working folder.
    last_years, unread = in_folder(os.path.abspath(args.prior), args.form, args.jobs)
    return options._replace(last_years=last_years), unread


def _survey(args: argparse.Namespace, options: Options, unread: tuple[str, ...], spool: Any) -> "Overview":
    """Every file's record, from wherever it is worked out, gone through once."""
    from gouji_checks.executors import ClusterError, cluster
    from gouji_checks.relation import load
    from gouji_checks.summary.gather import OtherProgramError, records
    from gouji_checks.summary.overview import survey

    files = list(_files(args.paths, args.output))
    with ExitStack() as stack:
        store = _store(args)
        stack.callback(store.close)
        executor = stack.enter_context(cluster(args.dask)) if args.dask else None
        found = records(files, options, store, args.jobs, executor)
        try:
            return survey(
                watched(found, "核对", len(files)),
                options,
                load(options.form, options.relations),
                spool,
                unread,
                everything=args.all,
            )
        except OtherProgramError as error:
            raise ClusterError(
                "集群上的 gouji、表样、勾稽关系、科目表或上年工作簿与本机的不同，结果会不一致，请更新后再运行"
            ) from error


def _is_department(output: str, paths: list[str]) -> bool:
    """Whether the output stands among the workbooks to be read and is not the summary of an earlier run."""
    if not os.path.isfile(output) or _place(output) not in map(_place, workbooks_in(paths)):
        return False
    from gouji_checks.source import FileSource, Unreadable
    from gouji_checks.summary.record import MARK

    try:
        return all(name != MARK for name, _ in FileSource(output).read().properties)
    except Unreadable:
        return True


def _place(path: str) -> str:
    """Where a file is, however it is written."""
    return os.path.normcase(os.path.realpath(path))


def _files(paths: list[str], output: str) -> Iterator[str]:
    """The workbooks to be summed up, each once, the summary of an earlier run left aside."""
    seen = {_place(output)}
    for path in workbooks_in(paths):
        if (place := _place(path)) not in seen:
            seen.add(place)
            yield path


def _store(args: argparse.Namespace) -> "Store":
    from gouji_checks.summary.store import FILE, Kept, Nothing, default_folder

    if args.no_cache:
        return Nothing()
    return Kept((Path(args.cache) if args.cache else default_folder()) / FILE)


def _write(args: argparse.Namespace, overview: "Overview") -> None:
    from gouji_checks.summary.sheets import build
    from gouji_templates import atomic

    output = Path(args.output)
    atomic.write(output, build(overview, output))
    if args.html:
        from datetime import datetime

        from gouji_checks.summary.data import for_page
        from gouji_checks.summary.page import page

        atomic.write(Path(args.html), page(for_page(overview, datetime.now())).encode())


def _print(args: argparse.Namespace, overview: "Overview") -> int:
    """Says what was found; returns the exit code."""
    from gouji_checks.summary.choice import GRAVE
    from gouji_checks.summary.data import json_text

    grave = any(left.kind in GRAVE for left in overview.choice.left)
    wrong = any(row.record.errors for row in overview.rows) or bool(overview.tables and overview.tables.errors)
    sys.stdout.writelines(json_text(overview) if args.format == "json" else _text(args, overview))
    sys.stdout.flush()
    return FAILED if grave else FINDINGS if wrong else CLEAN


def _text(args: argparse.Namespace, overview: "Overview") -> Iterator[str]:
    from gouji_checks.summary.choice import WITHOUT_LAST_YEAR, by_kind

    rows = [row.record for row in overview.rows]
    faulty = sum(record.errors > 0 for record in rows)
    count = overview.tables.departments if overview.tables else 0
    yield (
        f"共 {len(rows)} 个文件：{len(overview.readable) - faulty} 个没有错误，{faulty} 个有错误，"
        f"{len(rows) - len(overview.readable)} 个不能核对；"
        f"错误 {sum(record.errors for record in rows)} 条，提示 {sum(record.warnings for record in rows)} 条\n"
    )
    yield f"汇总表：{count} 个部门" + ("，没有部门可以汇总\n" if not count else "\n")
    for kind, left in by_kind(overview.choice.left).items():
        yield from _named(f"没有计入：{kind}", [f"{each.row.file}：{each.reason}" for each in left])
    for kind, left in by_kind(overview.without_last_year).items():
        yield from _named(f"{WITHOUT_LAST_YEAR}：{kind}", [f"{each.row.name}：{each.reason}" for each in left])
    if overview.tables and overview.tables.errors:
        yield f"  汇总表有 {len(overview.tables.errors)} 条错误，见“汇总说明”\n"
    yield "".join(f"已写入 {path}\n" for path in (args.output, args.html) if path)


def _named(title: str, lines: list[str]) -> Iterator[str]:
    yield f"  {title}（{len(lines)} 个）\n"
    yield from (f"{line.rstrip('。')}\n" for line in indented(lines, "，见“汇总说明”"))
