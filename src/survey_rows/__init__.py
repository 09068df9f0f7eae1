"""Collected survey rows, from the files that people have to the tables of the contract.

`sources` reads an export, `mapping` proposes what its columns and answers mean and reads what
somebody made of the proposal, `placing` puts every cell where it belongs or says that it could not,
and `commands` is the command `compendium rows`. Nothing is guessed in silence: what only resembles
an item or an answer is proposed with a question mark, and nothing is written while one is left.
"""
