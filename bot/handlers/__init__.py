"""Platforms: what people do there becomes a Request, a Reply becomes what they see. They know only `bot.chat`."""
