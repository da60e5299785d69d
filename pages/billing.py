"""Billing: encounters to be coded, and the codes of one beside its documentation."""

from __future__ import annotations

import streamlit as st

from pages._billing_codes import show_encounter
from pages._billing_list import show_list
from pages._shell import guard

principal = guard("Billing", "search", live="Add a diagnosis")
if encounter := st.query_params.get("encounter"):
    show_encounter(principal, st.query_params.get("patient", ""), encounter)
else:
    show_list(principal)
