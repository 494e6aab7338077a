"""What must hold: one Great Expectations suite a step, and the one runner that judges by them."""
