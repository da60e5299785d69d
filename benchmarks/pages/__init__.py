"""How fast pages are, in a browser, against a bare Streamlit page in the same run."""
