"""One file a problem, to be read, run and copied."""
