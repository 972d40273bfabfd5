"""The benchmarks: what the checks find in a workbook with known errors, and what they cost."""
