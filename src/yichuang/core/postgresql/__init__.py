"""Django's PostgreSQL backend (ENGINE), with a check of a kept connection that costs no round trip."""
