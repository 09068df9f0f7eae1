"""Running one notebook: its kernel, what it may read and write, and what becomes of its results."""
