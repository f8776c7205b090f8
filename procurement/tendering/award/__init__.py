"""From the evaluation report to the archive: publicity of candidates, award, report, result."""
