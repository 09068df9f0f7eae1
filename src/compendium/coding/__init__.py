"""The coded evidence: who said what, how often, and how far two readers agree.

Three frames come in: `segments`, a row per piece of evidence (`segment_id`, `document`, `speaker`,
`speaker_role`, ...); `applications`, a row per code that a coder applied to a segment
(`segment_id`, `coder`, `rank`, `code`, `direction`); `codebook`, a row per code (`code`,
`category`, ...). `reconciliation` makes one coding out of several, `cases` adds who is speaking,
`tallies` counts, `agreement` measures how far coders agree.
"""
