"""What belongs to no room: health, readiness and the API's own description."""
