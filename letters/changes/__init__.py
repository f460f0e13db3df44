"""What changed: words of letters against what was made before, and how far a change reaches."""
