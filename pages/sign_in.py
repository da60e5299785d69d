"""Sign in."""

from __future__ import annotations

import streamlit as st

from pages._entrance import form

st.set_page_config(page_title="Sign in · Fabric")
form()
