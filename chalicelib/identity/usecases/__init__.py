"""What the identity room does: sign-up, sign-in, passwords, two-factor, users."""
