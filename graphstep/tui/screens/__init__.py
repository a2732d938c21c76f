"""The screens: the steps, the card of a value, a question for a value, the help."""
