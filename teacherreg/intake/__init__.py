"""From workbooks to the registry: read, clean, check, plan, apply, undo."""
