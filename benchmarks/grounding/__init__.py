"""True sentences about the demo cohort and errors made from them, and the measure of the check against both."""
