"""``python -m teacherreg.demo FOLDER`` writes the small workbooks of ``data/samples`` again."""

import sys
from pathlib import Path

from teacherreg.demo.make import make_samples

if __name__ == "__main__":
    make_samples(Path(sys.argv[1]))
