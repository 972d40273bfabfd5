"""gouji rules: the catalogue of rules and relations."""

import argparse
import sys

from gouji_checks.commands import CLEAN, add_form, fail


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declares the command."""
    parser = commands.add_parser("rules", help="列出核对的规则", description="列出核对的规则和勾稽关系")
    parser.add_argument("id", nargs="?", default="", metavar="ID", help="只看一条，如 X38")
    parser.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="输出格式")
    add_form(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print all of it, or one entry."""
    from gouji_checks import catalogue
    from gouji_checks.relation import load

    found = catalogue.entries(load(args.form, args.relations))
    if args.id:
        wanted = args.id.upper()
        found = [entry for entry in found if entry.id == wanted] or [e for e in found if e.id.startswith(wanted + ".")]
        if not found:
            return fail(f"没有编号为“{args.id}”的规则；gouji rules 可看全部")
    if args.format == "json":
        import json

        sys.stdout.write(json.dumps(catalogue.as_objects(found), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(catalogue.as_markdown(found) if args.format == "markdown" else catalogue.as_text(found))
    return CLEAN
