"""What the budget disclosure workbook looks like: forms, classification codes and the workbook itself."""

__version__ = "0.2.0"
