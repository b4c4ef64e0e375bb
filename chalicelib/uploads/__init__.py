"""Files from outside: posted straight to S3, checked there, and then attached to what they were sent for."""
