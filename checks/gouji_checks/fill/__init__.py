"""A workbook brought to what its entered figures, or its line items, come to."""
