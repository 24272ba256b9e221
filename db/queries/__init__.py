"""Everything that is read from the register, one subject a file. No caller writes SQL."""
