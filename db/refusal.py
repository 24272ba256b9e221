"""What a person at the command line is told when something can't be done."""

from __future__ import annotations


class Refusal(Exception):
    """A foreseen fault of set-up or upkeep; the message is one English sentence."""
