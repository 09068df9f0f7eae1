"""Reading and writing REFI-QDA, the standard for exchange between coding tools."""
