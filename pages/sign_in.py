"""Sign in."""

from __future__ import annotations

import streamlit as st

from pages._entrance import form
from pages._shell import style

st.set_page_config(page_title="Sign in · Fabric")
style()
form()
