"""The officers' lists of work and the page of one task."""
