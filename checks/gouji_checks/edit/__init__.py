"""Workbook files changed as XML text: what is not touched stays as it was, to the letter."""
