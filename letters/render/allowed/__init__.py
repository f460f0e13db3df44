"""What a layout's style sheets and page may hold, so that no word is added, hidden or moved unseen.

Nothing here renders. Everything is a list of what is allowed, with bounds and reasons; whatever is
not on it is a problem with its line. `docs/styles.md` shows the lists and is held against them.
"""
