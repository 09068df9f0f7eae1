"""The coded evidence: who said what, how often, and how far two readers agree.

Three frames come in. `segments` has one row per piece of evidence (`segment_id`, `document`,
`speaker`, `speaker_role`, place, ...). `applications` has one row per code that a coder applied to
a segment (`segment_id`, `coder`, `rank`, `code`, `direction`). `codebook` has one row per code
(`code`, `category`, definition, ...).

The way through: `checks` says whether the frames fit together; `agreement` measures how far coders
agree; `reconciliation` makes one coding out of several; `cases` adds who is speaking; `tallies`
counts; `saturation` asks whether more cases would have brought more codes. Everything is pure:
frames in, frames or values out.
"""
