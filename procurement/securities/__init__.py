"""Securities: bid, performance, payment and wage guarantees, from issue to return."""
