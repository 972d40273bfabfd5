"""Runs the benchmarks: all of them, or those named (mutations, speed, click, distribution, summary)."""

import sys

from tests.bench import click, distribution, mutation_report, overview, speed

BENCHES = {
    "mutations": mutation_report.report,
    "speed": speed.report,
    "click": click.report,
    "distribution": distribution.report,
    "summary": overview.report,
}


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, all without any."""
    if unknown := [name for name in names if name not in BENCHES]:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
        return 2
    for name in names or BENCHES:
        print(f"\n== {name} ==")
        BENCHES[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
