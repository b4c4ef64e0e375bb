"""practice-admin: the administration back office. One package per domain, the shared core beside them."""
