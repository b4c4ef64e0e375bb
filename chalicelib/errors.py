"""What can go wrong, as RFC 9457 problems. A rule raises one; the route decorator turns it into the answer."""

from typing import Any, ClassVar, NamedTuple


class FieldError(NamedTuple):
    """One bad field of a request: its path ("provider.email") and a sentence about it."""

    field: str
    message: str


class Problem(Exception):
    """A refusal with its HTTP status and a stable `code`. `extra` becomes members of the problem document."""

    status: ClassVar[int] = 500
    code: str = "internal_error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str = "",
        errors: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail or self.title + "."
        self.code = code or type(self).code
        self.errors = errors
        self.retry_after = retry_after
        self.extra = extra

    def document(self, request_id: str) -> dict[str, Any]:
        """The problem+json members."""
        body: dict[str, Any] = {
            "type": f"urn:practice-admin:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
        }
        if self.errors:
            body["errors"] = [error._asdict() for error in self.errors]
        return body | self.extra


class Malformed(Problem):
    """The request can't be read at all."""

    status, code, title = 400, "malformed_request", "The request can't be read"


class NotSignedIn(Problem):
    """No session, or one that has ended."""

    status, code, title = 401, "not_signed_in", "Sign in first"


class Forbidden(Problem):
    """Signed in, but may not."""

    status, code, title = 403, "forbidden", "You may not do this"


class NotFound(Problem):
    """Missing, or another practice's: the two look alike."""

    status, code, title = 404, "not_found", "There is no such thing here"


class MethodNotAllowed(Problem):
    """The path exists, the method doesn't."""

    status, code, title = 405, "method_not_allowed", "This method is not allowed here"


class Conflict(Problem):
    """A rule says no, or somebody else was faster."""

    status, code, title = 409, "conflict", "The present state does not allow this"


class Stale(Problem):
    """It was changed since the caller read it."""

    status, code, title = 412, "stale_version", "It was changed meanwhile"


class TooLarge(Problem):
    """The body is over the limit."""

    status, code, title = 413, "body_too_large", "The request body is too large"


class UnsupportedMediaType(Problem):
    """The body isn't JSON."""

    status, code, title = 415, "unsupported_media_type", "Send the body as application/json"


class Invalid(Problem):
    """Well-formed, but values are refused; `errors` names each."""

    status, code, title = 422, "invalid_value", "Some values are not accepted"


class VersionRequired(Problem):
    """An edit has to name the version that it was made for."""

    status, code, title = 428, "if_match_required", "Say which version you edit"


class TooManyRequests(Problem):
    """Slow down; `Retry-After` says for how long."""

    status, code, title = 429, "too_many_requests", "Too many attempts"


class Unavailable(Problem):
    """AWS did not answer in time. The change may have happened: repeat with the same Idempotency-Key."""

    status, code, title = 503, "unavailable", "The service can't answer just now"


def invalid(*errors: tuple[str, str]) -> Invalid:
    """An Invalid problem from (field, message) pairs."""
    return Invalid(errors=tuple(FieldError(*error) for error in errors))


def stale(version: int | None) -> Stale:
    """The refusal of an edit that was made for another version than the present one (None: not known here)."""
    detail = "It was changed since you read it, and nothing of your edit is done. Read it again."
    return Stale(detail) if version is None else Stale(detail, current_version=version)
