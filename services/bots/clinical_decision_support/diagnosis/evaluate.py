"""PLACEHOLDER so that imports work until the real module is written: overwrite it whole."""
def suggestions(chart, person):
    return []
