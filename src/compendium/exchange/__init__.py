"""Files of coding tools, brought in and taken out; the pure part is `coding.exchange`."""

#: What the corpus can be written as: a REFI-QDA project, its codebook, the long table.
FORMATS = ("qdpx", "qdc", "csv")
