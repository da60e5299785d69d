"""Charts of people whom the demo cohort does not know, in the shapes in which other systems write them."""
