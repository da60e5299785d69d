"""Everything behind the pages. Nothing in here imports streamlit."""
