"""One file a theorem: its hypotheses and its number."""
