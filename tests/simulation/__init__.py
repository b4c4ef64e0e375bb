"""Simulations: AWS calls of several requests one at a time in a chosen order, with faults between any two."""
