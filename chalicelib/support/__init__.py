"""Help, tickets and what support does with them."""
