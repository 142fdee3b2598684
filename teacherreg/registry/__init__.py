"""The door for scripts; the command line is one of them."""

from teacherreg.registry.door import Registry, login
from teacherreg.registry.questions import Questions

__all__ = ["Questions", "Registry", "login"]
