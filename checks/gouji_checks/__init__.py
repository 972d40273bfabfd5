"""What must be true of a budget disclosure workbook: reading it, checking it, naming the wrong cell."""
