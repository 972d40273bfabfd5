"""gouji distribute: a workbook for every department of a list."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gouji_checks.commands import CLEAN, FAILED, FINDINGS, add_form, indented, watched

if TYPE_CHECKING:
    from gouji_templates.distribute import Distribution, Priors


def add(commands: "argparse._SubParsersAction[Any]") -> None:
    """Declares the command."""
    parser = commands.add_parser(
        "distribute", help="按名单给每个部门发一份模板", description="按名单给每个部门生成一份模板，并列出发放清单"
    )
    parser.add_argument(
        "list", metavar="LIST", help="部门名单（.xlsx .xls .csv：部门名称、部门编码、单位性质，可加上年工作簿）"
    )
    parser.add_argument("-o", "--output", required=True, metavar="DIR", help="放到哪个文件夹，没有就新建")
    parser.add_argument("--year", type=int, default=0, metavar="YEAR", help="预算年度")
    parser.add_argument(
        "--prior", default="", metavar="DIR", help="上年工作簿的文件夹：名单没有写明上年工作簿的，按部门编码或名称对应"
    )
    add_form(parser)
    parser.add_argument("--force", action="store_true", help="已有的工作簿也重新生成")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write what the list asks for; nothing at all when anything is wrong with it."""
    from functools import partial

    from gouji_checks import departments
    from gouji_checks.fingerprint import fingerprint
    from gouji_checks.live.template import build
    from gouji_checks.relation import load
    from gouji_templates.distribute import distribute, issue
    from gouji_templates.manifest import ManifestError
    from gouji_templates.system_error import cause

    catalogue = load(args.form, args.relations)
    year = args.year or catalogue.form.year
    problems = [] if 2000 <= year <= 2099 else [f"--year 应为四位年份，不能用 {args.year}"]
    try:
        listed = departments.read(args.list, catalogue.form, year)
    except departments.ListError as error:
        problems += error.problems
    folder = Path(args.output)
    problems += _unwritable(folder)
    if args.prior and not os.path.isdir(args.prior):
        problems.append(f"--prior 应为上年工作簿的文件夹，没有“{args.prior}”这个文件夹")
    priors: Priors = {}
    notes: list[str] = []
    # Most lists name no workbook of last year, and comparing brings much with it.
    if not problems and (args.prior or any(one.prior for one in listed)):
        from gouji_checks.compare import last_year_given as given

        listed = [given.named_from(folder, one, os.path.dirname(args.list)) for one in listed]
        if args.prior:
            listed, notes = given.found_in(args.prior, listed, folder, args.form, year)
        priors, problems, said = given.priors(listed, args.list, folder, catalogue.form, year)
        notes += said
    if problems:
        return _fail(problems, "没有生成任何文件")
    made = issue(catalogue.form, year, fingerprint(catalogue), partial(build, catalogue))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        outcome = distribute(listed, folder, made, priors, force=args.force, progress=partial(watched, doing="发放"))
    except ManifestError as error:
        return _fail([str(error)], "没有生成任何文件")
    except OSError as error:
        return _fail(
            [f"不能写入“{error.filename or args.output}”：{cause(error)}"],
            "已生成的都记在发放清单里，排除原因后再运行一次即可",
        )
    sys.stdout.write(_words(outcome, args.output, notes))
    return FINDINGS if outcome.strangers else CLEAN


def _unwritable(folder: Path) -> Iterator[str]:
    """Why nothing could be put into this folder, found out without putting anything there."""
    there = next((place for place in (folder, *folder.absolute().parents) if place.exists()), folder)
    if not there.is_dir():
        yield f"“{folder}”不能用作文件夹：“{there}”是一个文件，请换一个文件夹"
    elif not os.access(there, os.W_OK | os.X_OK):
        yield f"不能写入文件夹“{there}”：没有写入权限，请换一个文件夹"


def _fail(problems: Sequence[str], after: str) -> int:
    sys.stderr.write("".join(f"{problem}。\n" for problem in (*problems, after)))
    return FAILED


def _words(outcome: "Distribution", folder: str, notes: Sequence[str]) -> str:
    from gouji_templates.manifest import NAME

    lines = [f"{folder}：新生成 {len(outcome.written)} 个工作簿，已有 {len(outcome.kept)} 个没有改动，清单见 {NAME}"]
    lines += _named(
        "已有的这些工作簿与现在的名单或模板不一致，没有改动，要重新生成请加 --force", [e.file for e in outcome.stale]
    )
    lines += _named(
        "文件夹里有同名的文件，不在发放清单里，没有覆盖也没有登记；请移走，或加 --force 覆盖", outcome.strangers
    )
    lines += _named("以前发过、这份名单上没有的部门，文件和清单都保留", [e.file for e in outcome.others])
    lines += _named("上年工作簿有要说明的", notes)
    return "\n".join(lines) + "\n"


def _named(title: str, files: Sequence[str]) -> list[str]:
    if not files:
        return []
    return [f"  {title}：{len(files)} 个", *indented(files)]
