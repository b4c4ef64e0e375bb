"""What the simulations do with mail that comes back, and with the Help Center."""
