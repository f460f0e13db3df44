"""Invented rounds, whole: what their files hold. They stand apart from the builders as data do."""
