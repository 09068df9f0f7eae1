"""Running one notebook over a grid of parameters, here or on a cluster, and collecting the results.

A sweep is declared in a file (`declared`). Each point of its grid is a trial like that of
`compendium run NAME -p`: computed from a copy of exactly what it depends on, here or by the workers
of a Dask cluster (`engines`), and put in place at once when it comes back. Points whose results are
there, made from the same content, are not run again; what is there is collected into tidy tables
(`sweeping`).
"""
