"""Measures of the product on this machine, each with its goal. `make bench` runs them."""
