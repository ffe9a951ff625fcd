"""How the tables came to be: one script for each change, run by `bot.db.migrate`."""
