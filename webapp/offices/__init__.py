"""Offices: which there are, what they were called, and what becomes of them."""
