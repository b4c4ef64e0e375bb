"""Two-factor: RFC 6238 codes of a 160-bit seed, 30 seconds a step; seeds leave this module only encrypted."""

import io
import secrets
from base64 import b32encode, b64decode, b64encode
from datetime import datetime

import pyotp
import segno

from chalicelib import aws, config
from chalicelib.identity.sessions import secret_hash

ISSUER = "practice-admin"
STEP_SECONDS = 30
RECOVERY_CODES = 10


def new_seed() -> str:
    """160 random bits, in base 32."""
    return pyotp.random_base32(32)


def seal(seed: str, practice_id: str, username: str) -> str:
    """The seed encrypted by KMS, readable only for this practice and username."""
    answer = aws.client("kms").encrypt(
        KeyId=config.get("TOTP_KEY"), Plaintext=seed.encode(), EncryptionContext=_context(practice_id, username)
    )
    return b64encode(answer["CiphertextBlob"]).decode()


def unseal(sealed: str, practice_id: str, username: str) -> str:
    """The seed again. Raises botocore's ClientError for another's ciphertext."""
    answer = aws.client("kms").decrypt(
        KeyId=config.get("TOTP_KEY"),
        CiphertextBlob=b64decode(sealed),
        EncryptionContext=_context(practice_id, username),
    )
    return str(answer["Plaintext"].decode())


def matching_step(seed: str, code: str, now: datetime) -> int | None:
    """The step that `code` belongs to: the present one or the one before; None for any other code."""
    present = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(seed)
    steps = (step for step in (present, present - 1) if pyotp.utils.strings_equal(generator.generate_otp(step), code))
    return next(steps, None)


def uri(seed: str, username: str) -> str:
    """The otpauth URI that authenticator apps read."""
    return pyotp.TOTP(seed).provisioning_uri(name=username, issuer_name=ISSUER)


def qr_svg(text: str) -> str:
    """`text` as a QR code, an inline SVG."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=4, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, in groups of four."""
    texts = (b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES))
    return ["-".join(text[start : start + 4] for start in range(0, 16, 4)) for text in texts]


def recovery_hash(code: str) -> str:
    """What is stored of a recovery code, however it is typed."""
    return secret_hash("".join(filter(str.isalnum, code)).lower())


def _context(practice_id: str, username: str) -> dict[str, str]:
    return {"practice_id": practice_id, "username": username}
