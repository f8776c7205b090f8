"""Law as dated, frozen rule sets; calendars; precedences; when things fall due."""
