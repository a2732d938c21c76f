"""Trace: one recorded run, everything that one can ask of it, and the ways on from it."""
