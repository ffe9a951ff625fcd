"""SKB in chat: search the offer, and later post the monitor and remind the knowledge groups.

    cli/           the command line                    app.py       builds everything from the settings
    doctor.py      what is still missing
    router.py      the one table of commands           handlers/    terminal, later Slack and Telegram
    search/        the offer: what there is and how it is kept, what was asked, what fits
    commons/       what several features share: places, dates, words, tables, fetching
    db.py          the database; migrations/ its tables' history
    settings.py    environment in, checked values out  logs.py      logs without secrets
    chat.py        Request, Reply, Card, Button, Form, Address: the words all of them share

Arrows point down only, in the order of `pyproject.toml`'s contracts; what a word means stands in docs/DESIGN.md §3.
"""
