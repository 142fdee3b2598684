"""The words that search works with: made by `teacherreg.search`, which lower rooms use too."""

from teacherreg.search import finds, match_expression, name_tokens, place_tokens, text_tokens

__all__ = ["finds", "match_expression", "name_tokens", "place_tokens", "text_tokens"]
