"""What several theorems need to know of a problem: its equation, data and defects."""
