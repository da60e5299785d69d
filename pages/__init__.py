"""The console's pages, one for each job of a clinician."""
