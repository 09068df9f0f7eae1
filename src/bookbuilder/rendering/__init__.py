"""Rendering the book with Jupyter Book, checked and put in place as a whole."""
