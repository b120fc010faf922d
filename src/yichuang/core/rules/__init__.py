"""Rules of the mechanisms: plain Python, no Django, no clock of their own."""
