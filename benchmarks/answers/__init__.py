"""Questions answered from one patient's record, with gold answers made apart from the bot that is measured."""
