"""Runs diagrams. The only room that knows SpiffWorkflow; everybody else sees plain data (`machine.py`)."""
