"""Who may come in: passwords, sessions, the gate before every path, and who is looking."""
