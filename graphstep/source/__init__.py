"""What the user typed or named, checked, and something to run with named inputs."""
