"""Judged clinical queries over the demo cohort, and the measure of search against them."""
