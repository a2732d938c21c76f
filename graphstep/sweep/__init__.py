"""Adjoints and tangents over a finished trace."""
