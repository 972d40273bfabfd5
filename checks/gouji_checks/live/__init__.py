"""The checks inside the workbook: formulas made from the same relations that the command line checks."""
