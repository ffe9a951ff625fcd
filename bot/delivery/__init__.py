"""Nothing lost, nothing twice: what platforms deliver, and later what the bot sends of its own accord."""
