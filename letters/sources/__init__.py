"""Files to rows: YAML, CSV and XLSX, every value with its place."""
