"""SKB in chat: search the offer, and later post the monitor and remind the knowledge groups.

    cli/           the command line                    app.py       builds everything from the settings
    doctor.py      what is missing; live.py asks too   running.py   the platforms side by side, until told to stop
    router.py      the one table of commands           handlers/    Slack, Telegram, the terminal
    search/        the offer: what there is and how it is kept, what was asked, what fits
    account/       what the bot says about itself      delivery/    nothing lost, nothing twice
    people.py      whom the bot has met
    commons/       what several features share: places, dates, words, tables, fetching
    db.py          the database; migrations/ its tables' history
    settings.py    environment in, checked values out  logs.py      logs without secrets
    chat.py        Request, Reply, Card, Button, Form, Address: the words all of them share

Arrows point down only, in the order of `pyproject.toml`'s contracts; what a word means stands in docs/DESIGN.md §3.
"""
