"""The step deck: one HTML page that steps through a trace without asking anything of anyone."""
