"""A made-up county for trying the program: its schools, its people, its workbooks.

`make_county` writes what a county's schools would hand in, mistakes included; the real
importer reads it. No person, school or place in it exists.
"""

from teacherreg.demo.faults import Fault
from teacherreg.demo.make import DemoCounty, make_county, make_samples

__all__ = ["DemoCounty", "Fault", "make_county", "make_samples"]
