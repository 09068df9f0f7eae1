"""A reproducible research compendium on personalized learning in schools.

Each subpackage is one part of the work: `data` reads tables under their contract, `survey`
weights and estimates, `coding` tallies and agreement, `triangulation` holds the two strands side by
side, `audit` gives published numbers a verdict, `exhibits` records results, `rebuild` runs the
notebooks and `site` renders the book.
"""

__version__ = "0.1.0"
