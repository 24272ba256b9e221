"""Plans: which households a programme helps next, decided once and then held to."""
