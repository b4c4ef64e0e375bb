"""What the vendor's own people do. Until they have routes of their own: commands to a Lambda, allowed by IAM."""
