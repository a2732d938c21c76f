"""The sweeps cut into immutable steps, with the states and equations that a view shows."""
