"""Writes each catalogue's .mo, without gettext's tools."""

from messages import compile_all

compile_all()
