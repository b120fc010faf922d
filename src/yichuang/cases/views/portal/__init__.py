"""The applicant's pages: applying (`apply`), following what was applied for (`my`)."""
