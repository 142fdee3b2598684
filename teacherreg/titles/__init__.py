"""Titles: a stand-in until the real package comes."""
