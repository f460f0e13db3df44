"""A document in its formats: DOCX, PDF and HTML, and the text read back from each."""
