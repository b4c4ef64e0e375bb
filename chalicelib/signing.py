"""Signatures by the system's own key: cursors, fingerprints of repeated requests, secrets of mailed links."""

import hashlib
import hmac
from functools import cache

from chalicelib import aws, config


def mac(purpose: str, *parts: bytes) -> bytes:
    """HMAC-SHA-256 of the parts under the system's key; what is made for one purpose serves no other."""
    message = b"\0".join((purpose.encode(), *parts))
    return hmac.new(_key(), message, hashlib.sha256).digest()


@cache
def _key() -> bytes:
    """Read once per process: after a rotation, functions take the new key as they start anew."""
    secret = aws.client("secretsmanager").get_secret_value(SecretId=config.get("SIGNING_SECRET"))
    return str(secret["SecretString"]).encode()
