"""Signatures by the system's own key: cursors, fingerprints of repeated requests, secrets of mailed links."""

import hashlib
import hmac
from functools import lru_cache

from chalicelib import aws, clock, config

_KEPT_SECONDS = 300


def mac(purpose: str, *parts: bytes) -> bytes:
    """HMAC-SHA-256 of the parts under the system's key; what is made for one purpose serves no other."""
    message = b"\0".join((purpose.encode(), *parts))
    period = int(clock.now().timestamp()) // _KEPT_SECONDS
    return hmac.new(_key(period), message, hashlib.sha256).digest()


@lru_cache(maxsize=1)
def _key(_period: int) -> bytes:
    """Read anew in each period, so that all functions have taken a rotated key five minutes later."""
    secret = aws.client("secretsmanager").get_secret_value(SecretId=config.get("SIGNING_SECRET"))
    return str(secret["SecretString"]).encode()
