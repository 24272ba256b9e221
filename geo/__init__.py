"""Pure functions and values of the map: no input or output, no state, no database."""
