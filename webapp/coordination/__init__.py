"""Which office decides: the rows that say so, and the dossiers of which they say nothing."""
