"""Rebuilding: which notebook runs there are, which are stale, and running them."""
