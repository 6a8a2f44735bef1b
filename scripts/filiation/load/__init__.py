"""Loading a release into a triple store that is running, and checking it there."""
