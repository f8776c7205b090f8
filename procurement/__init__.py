"""From registration to completion filing."""
