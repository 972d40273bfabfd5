"""Running the checks inside Excel, and building the add-in that does it."""
