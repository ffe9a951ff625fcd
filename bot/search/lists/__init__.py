"""Lists as people make them: where the heading is, what the columns are called, what a cell and a row say.

layout.py finds the heading, headings.py knows what people call columns, columns.py is the one table of them. values.py,
whereabouts.py, listed.py and audience.py (with phrasing.py and joining.py) read a cell; drafts.py reads a row, with
what several columns say together (together.py). What becomes of a whole file stands above, in `search/importing.py`.
"""
