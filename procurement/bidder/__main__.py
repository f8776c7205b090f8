"""``python -m procurement.bidder``."""

import sys

from procurement.bidder.main import main

sys.exit(main())
