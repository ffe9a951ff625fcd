"""The offer: what there is, what was asked, what fits, and what is said about it."""
