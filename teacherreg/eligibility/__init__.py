"""Eligibility (申报资格): may a person be nominated for a title, why not, and until when."""

from teacherreg.eligibility.answer import Answer, Answers, Missing, Note, Reason
from teacherreg.eligibility.questions import Eligibility
from teacherreg.eligibility.rules import Rule, Rules, rules_of, shipped_rules

__all__ = [
    "Answer",
    "Answers",
    "Eligibility",
    "Missing",
    "Note",
    "Reason",
    "Rule",
    "Rules",
    "rules_of",
    "shipped_rules",
]
