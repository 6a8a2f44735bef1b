"""Proving a release: every store at hand is started, loaded, asked, and what it answered is put on record."""
