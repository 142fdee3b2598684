"""Contradictions inside the registry: what cannot all be true, each with its cure."""

from teacherreg.contradictions.answer import Contradiction, Contradictions
from teacherreg.contradictions.questions import CODES, check

__all__ = ["CODES", "Contradiction", "Contradictions", "check"]
