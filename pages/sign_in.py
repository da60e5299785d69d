"""Sign in."""

from __future__ import annotations

import streamlit as st

from pages._shell import style
from pages._sign_in import form

st.set_page_config(page_title="Sign in · Fabric")
style()
form()
