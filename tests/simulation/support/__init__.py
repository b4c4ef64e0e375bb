"""What the simulations do with the room `support`."""
