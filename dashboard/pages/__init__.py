"""Where the parts stand: placement only."""
