"""Bills of quantities: read, written, checked, compared, stored; and the arithmetic of prices."""
