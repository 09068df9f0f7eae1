"""The command `compendium`: it runs the notebooks, renders the book and checks the record.

Who only reads or changes an analysis needs nothing from here.
"""
