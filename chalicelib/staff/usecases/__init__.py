"""What the room of the vendor's own people does: decides what tickets ask for, in one commit with the deed."""
