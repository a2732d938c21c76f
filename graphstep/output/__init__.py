"""What a trace looks like outside the terminal app: tables, drawings, files."""
