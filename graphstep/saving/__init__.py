"""A trace as one `.graphstep` file: JSON and safetensors in a zip; reading it runs nothing."""
