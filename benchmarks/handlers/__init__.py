"""One warm request, handled in several ways over the same stubbed AWS. Runs in an environment of its own."""
