"""How a round is built as a batch: what changed, who makes it, where it is kept."""
