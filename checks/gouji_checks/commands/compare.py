"""gouji compare: a workbook's figures against last year's."""

import argparse
import os
import sys

from gouji_checks.commands import CLEAN, fail
from gouji_templates.form import DEFAULT_FORM


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declares the command."""
    parser = commands.add_parser(
        "compare",
        help="与上年对比收支、“三公”经费和机关运行经费",
        description="与上年对比收入、支出、一般公共预算各科目、机关运行经费和“三公”经费：增减额、增减率、占比。"
        "上年数取自工作簿的“上年预算数”，也可以用 --prior 指明上年工作簿，补上没有填写的。原文件不动",
    )
    parser.add_argument("file", metavar="FILE", help="本年工作簿（.xlsx .xlsm .xls）")
    parser.add_argument("--prior", default="", metavar="FILE", help="上年工作簿")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出文字或 JSON")
    parser.add_argument("--form", default=DEFAULT_FORM, metavar="FORM", help="表样编号或 .toml 文件")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the comparison."""
    from gouji_checks.compare import report
    from gouji_checks.compare.comparison import compare
    from gouji_checks.compare.reading import prior_of, this_year
    from gouji_checks.source import Unreadable
    from gouji_templates.form import load

    form = load(args.form)
    if form.comparison is None:
        return fail(f"表样“{form.title}”没有声明与上年对比的内容（[comparison]）")
    if (
        args.prior
        and os.path.exists(args.file)
        and os.path.exists(args.prior)
        and os.path.samefile(args.file, args.prior)
    ):
        return fail(f"“{args.prior}”就是要对比的本年工作簿，--prior 应为上年的工作簿")
    try:
        book = this_year(args.file, form)
        found = compare(book, prior_of(book, args.prior))
    except Unreadable as error:
        return fail(str(error))
    if args.format == "json":
        import json

        sys.stdout.write(json.dumps(report.as_json(args.file, found, form), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(report.text(args.file, found, form))
    return CLEAN
