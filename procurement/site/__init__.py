"""Safety and quality on site: visits and hazards."""
