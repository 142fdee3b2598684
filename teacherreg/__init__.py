"""A teacher-development registry for county education bureaus."""
