"""One run of what the user gave, under the recorder."""
