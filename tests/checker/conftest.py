"""Lets the tests of all rooms import the builders and examples of this folder."""
