"""What changed, what that changed, and whether a rebuild gives the committed record.

`why` says what makes a run stale, `impact` what a data fix moved, `verify` rebuilds elsewhere and
holds the outcome against the committed record. All three rest on `comparison`, which is pure.
"""
