"""Lists on which papers and results pass from door to door."""
