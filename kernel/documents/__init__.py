"""Files, the PDF engine, the registry of forms, signatures, QR."""
