"""The offer: what there is and how it is kept, what was asked, what fits, and what is said about it.

Keeping it: lists/ and importing.py read what people send, changes.py makes a plan of it, preview.py shows it,
editing.py saves it, offers_store.py remembers what was there before; exporting.py and hsds.py write it, quality.py
looks at it.

Asking it: understanding.py makes a Query of a text, ranking.py an Answer of a Query, replies.py and cards.py a Reply of
an Answer; commands.py is what the router calls.
"""
