"""What must hold of uploads and their files, whatever happened."""

from chalicelib.uploads.usecases.storage import all_of
from tests.simulation.history import History
from tests.simulation.laboratory import parsed

Files = set[tuple[str, str]]


def _images(history: History) -> Files:
    """Practice and upload of every image that an account has."""
    found = ((pk, parsed(row["provider"])) for (_, pk, _), row in history.after.of("provider"))
    return {(pk, provider["image_id"]) for pk, provider in found if provider["image_id"]}


def _attachments(history: History) -> Files:
    """The same of every file that a ticket has."""
    found = ((pk, parsed(row["ticket"])) for (_, pk, _), row in history.after.of("ticket"))
    return {(pk, attachment["id"]) for pk, ticket in found for attachment in ticket["attachments"]}


def _objects(history: History, file: tuple[str, str]) -> set[str]:
    return set(all_of(*file)[1:]) & history.stage.lab.objects


def attached_is_what_accounts_show(history: History) -> None:
    """A file is attached exactly while an account or a ticket has it."""
    attached = {
        (pk, sk.partition("#")[2]) for (_, pk, sk), row in history.after.of("upload") if row["status"] == "attached"
    }
    assert attached == _images(history) | _attachments(history), "what is attached is not what is shown"


def what_is_shown_is_there(history: History) -> None:
    """No file is lost: both objects of an image lie in the bucket, and the one of an attachment."""
    for files, count in ((_images(history), 2), (_attachments(history), 1)):
        for file in files:
            assert len(_objects(history, file)) == count, f"{file} is shown, and gone"


def what_nobody_shows_is_going_to_be_deleted(history: History) -> None:
    """No object is forgotten: its row is attached or due."""
    for (_, pk, sk), row in history.after.of("upload"):
        kept = row["status"] == "attached"
        assert kept != ("due_shard" in row) or not _objects(history, (pk, sk.partition("#")[2])), f"{sk} is forgotten"
        assert not (kept and "due_shard" in row), f"{sk} is attached and due"


def a_file_is_attached_by_who_began_it(history: History) -> None:
    """A ticket names nobody else."""
    for (_, pk, _), row in history.after.of("ticket"):
        for each in parsed(row["ticket"])["attachments"]:
            upload = parsed(history.after["uploads", pk, f"upload#{each['id']}"]["upload"])
            assert each["by"] == upload["started_by"], f"{each['id']} was begun by {upload['started_by']}"


INVARIANTS = (
    attached_is_what_accounts_show,
    what_is_shown_is_there,
    what_nobody_shows_is_going_to_be_deleted,
    a_file_is_attached_by_who_began_it,
)
