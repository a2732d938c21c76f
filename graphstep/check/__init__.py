"""Ours against torch, node by node, and against two oracles that share nothing with either."""
