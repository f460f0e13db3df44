"""Letters that come back from Word: what people changed and said in them."""
