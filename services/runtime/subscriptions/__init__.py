"""Subscriptions: matched with every write, queued with it, worked in the background until done."""
