"""Exhibits: the tables, figures and numbers that notebooks record.

A notebook makes one call per exhibit; everything that a reader may ask of it afterwards (what is
drawn, from which inputs, by which notebook, with which parameters) is recorded with it.
"""

from compendium.exhibits.record import figure, table, value, words
from compendium.exhibits.render import span
from compendium.exhibits.results import origins_of, table_of, values_of
