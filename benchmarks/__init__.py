"""What the program costs: AWS calls, capacity units, instructions, bytes. `make bench` writes docs/performance.md."""
