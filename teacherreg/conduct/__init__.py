"""Conduct: under which rules a decision was made, until when it holds and what it bars.

Everything is asked as of a day. Nothing here knows a file, a screen or the command line.
"""
