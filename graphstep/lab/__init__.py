"""Other ways to a gradient than the reverse sweep."""
