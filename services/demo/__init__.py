"""A demo cohort of written patients, and a generator of plain further ones for load.

>>> from services.demo import cohort, generate, patients
"""

from services.demo.chart import DEFAULT_AS_OF
from services.demo.crowd import generate
from services.demo.roster import DemoPatient, cohort, patients

__all__ = ["DEFAULT_AS_OF", "DemoPatient", "cohort", "generate", "patients"]
