"""Several emitters on one channel: how many there are, and which receiver hears which."""
