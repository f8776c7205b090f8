"""Workers on sites: offered, signed, identified, trained, admitted, at work, gone when paid."""
