"""Code files: the diagnosis codes, billing codes and insurance payers of a provider account, and copies of them."""
