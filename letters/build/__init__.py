"""How a round is built: what is due, who makes it, where it is kept."""
