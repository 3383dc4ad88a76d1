"""The trusted arithmetic that every claim stands on: it reads, computes and adds up."""
