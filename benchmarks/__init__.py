"""Every figure that the documentation names, measured. See `README.md` here."""
