"""The panes of the step screen; each draws what its cursor points at."""
