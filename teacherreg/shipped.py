"""Where the files that come with the program are: code tables, standards, plugins.

In a checkout they stand beside the package, so that everybody sees them; the wheel
carries them inside it. Whoever needs one asks here and does not care.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Find a shipped folder or file.

    Args:
        name: Path from the project's top, such as ``data/codes`` or ``plugins``.

    Returns:
        Its absolute path, in the wheel or in the checkout.

    Raises:
        FileNotFoundError: If the installation is incomplete.
    """
    for home in (PACKAGE, PACKAGE.parent):
        path = home / name
        if path.exists():
            return path
    raise FileNotFoundError(name)
