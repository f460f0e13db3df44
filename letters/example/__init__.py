"""A complete fictional round of 43 letters: package data that `letters new --example` copies."""
