"""What the bot says about itself, and what a person can say about themselves."""
