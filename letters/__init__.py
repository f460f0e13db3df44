"""Records into letters, letters into a publication."""
