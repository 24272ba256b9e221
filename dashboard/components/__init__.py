"""The parts of the pages: pure functions from figures to HTML."""
