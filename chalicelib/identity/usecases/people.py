"""Who is who in a practice, for other rooms."""

from chalicelib.identity.tables import UsernameRow


def site_admin_addresses(practice_id: str) -> list[str]:
    """The email addresses of a practice's active site admins, in order of their usernames; eventually consistent."""
    rows = UsernameRow.by_practice.query(practice_id)
    return [row.email for row in rows if row.status == "active" and "site_admin" in (row.roles or ())]
