"""What the vendor's own people do: on routes of their own after signing in there, and commands to a Lambda."""
