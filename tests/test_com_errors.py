"""Which of COM's error numbers say that Excel is busy, and which that the workbook, or Excel, is gone."""

from collections.abc import Callable

import pytest

from gouji_addin.message import is_busy, is_gone
from tests.excel_manner import ComError

Judged = Callable[[BaseException], bool]


def first(number: int) -> Exception:
    """Raised by COM."""
    return ComError(number, "text", None, None)


def excels_own(number: int) -> Exception:
    """Raised by Excel; COM says no more than that there was an exception, DISP_E_EXCEPTION."""
    return ComError(0x80020009 - 2**32, "text", (0, "Microsoft Excel", "text", None, 0, number), None)


BUSY = {
    "RPC_E_CALL_REJECTED: a cell is being edited": 0x80010001,
    "RPC_E_SERVERCALL_RETRYLATER: a dialogue is open": 0x8001010A,
    "VBA_E_IGNORE: it takes no calls for now": 0x800AC472,
}
GONE = {
    "RPC_E_DISCONNECTED: the object is no longer connected to who holds it": 0x80010108,
    "CO_E_OBJNOTCONNECTED: no program stands behind the object": 0x800401FD,
    "RPC_S_SERVER_UNAVAILABLE: the program has ended": 0x800706BA,
}
OTHER = {
    "E_FAIL": 0x80004005,
    "E_ACCESSDENIED": 0x80070005,
    "E_INVALIDARG": 0x80070057,
    "DISP_E_EXCEPTION": 0x80020009,
    "Excel's error 1004": 0x800A03EC,
}


@pytest.mark.parametrize("raised", [first, excels_own])
@pytest.mark.parametrize(
    ("number", "busy", "gone"),
    [pytest.param(number, True, False, id=name) for name, number in BUSY.items()]
    + [pytest.param(number, False, True, id=name) for name, number in GONE.items()]
    + [pytest.param(number, False, False, id=name) for name, number in OTHER.items()],
)
def test_a_number_means_what_windows_says_it_means(
    number: int, busy: bool, gone: bool, raised: Callable[[int], Exception]
) -> None:
    # Windows' tables give them without a sign, COM hands them on with one.
    error = raised(number - 2**32)

    assert (is_busy(error), is_gone(error)) == (busy, gone)


@pytest.mark.parametrize(
    ("judged", "number"),
    [(is_busy, number) for number in BUSY.values()] + [(is_gone, number) for number in GONE.values()],
)
@pytest.mark.parametrize("by_intention", [True, False])
def test_the_error_behind_another_counts_too(judged: Judged, number: int, by_intention: bool) -> None:
    outer, inner = KeyError("预算.xlsx"), first(number - 2**32)
    if by_intention:
        outer.__cause__ = inner
    else:
        outer.__context__ = inner

    assert judged(outer)
