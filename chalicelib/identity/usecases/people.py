"""Who is who in a practice, for other rooms."""

from chalicelib.identity.tables import UsernameRow


def site_admins(practice_id: str) -> dict[str, str]:
    """A practice's active site admins: email address by username, in their order; eventually consistent."""
    rows = UsernameRow.by_practice.query(practice_id)
    return {row.username: row.email for row in rows if row.status == "active" and "site_admin" in (row.roles or ())}
