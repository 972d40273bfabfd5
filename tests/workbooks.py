"""The workbooks in the repository: the published sample, its faulty variants and the template."""

import pytest

from samples.build import SAMPLE, SAMPLES, TEMPLATE
from samples.faults import faults

FILLED_IN = [SAMPLES / SAMPLE, *(fault.workbook for fault in faults())]
WORKBOOKS = [*FILLED_IN, TEMPLATE]

EVERY_FILLED_IN = pytest.mark.parametrize("path", FILLED_IN, ids=[path.stem for path in FILLED_IN])
EVERY_WORKBOOK = pytest.mark.parametrize("path", WORKBOOKS, ids=[path.stem for path in WORKBOOKS])
