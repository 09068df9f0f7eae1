"""A reproducible research compendium on personalized learning in schools.

What notebooks import: `survey` weights and estimates, `coding` tallies and agreement,
`triangulation` holds the two side by side, `data` reads tables under their contract, `exhibits`
records results.
"""

__version__ = "0.1.0"
