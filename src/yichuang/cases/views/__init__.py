"""Pages of cases: parse, one call, render. portal: the applicant's; desk: the staff's; papers: files of both."""
