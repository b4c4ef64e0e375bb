"""The artifact bucket: what was ever deployed from this account and region, under its content's hash.

code/HASH.zip          the functions' zip
templates/HASH.json    a template that names its zip: one release
stages/STAGE.json      the releases of one stage, oldest first; the last is the present one
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from deploy.target import Target, Template

_FUNCTION = "AWS::Serverless::Function"
_KEPT_RELEASES = 50


class Release(msgspec.Struct, frozen=True):
    """What was deployed: a template's key in the bucket and the values of its parameters."""

    template: str
    parameters: dict[str, str]
    at: str


class Artifacts:
    """The bucket of one target. It is made when it is first needed."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._s3 = target.client("s3")
        # Whoever else may have taken the name: nothing is written to or read from another account's bucket.
        self._bucket = {
            "Bucket": f"practice-admin-artifacts-{target.account}-{target.region}",
            "ExpectedBucketOwner": target.account,
        }

    def publish(self, build: Path) -> str:
        """Upload what `make package` wrote into `build`; gives the template's key."""
        self._provide()
        code = (build / "deployment.zip").read_bytes()
        location = {"Bucket": self._bucket["Bucket"], "Key": f"code/{_hash(code)}.zip"}
        self._put_once(location["Key"], code)
        template = json.loads((build / "sam.json").read_text())
        for resource in template["Resources"].values():
            if resource["Type"] == _FUNCTION:
                resource["Properties"]["CodeUri"] = location
        for patch in self._target.patches:
            patch.apply(template)
        text = json.dumps(template, separators=(",", ":")).encode()
        key = f"templates/{_hash(text)}.json"
        self._put_once(key, text)
        return key

    def template(self, key: str) -> Template:
        """A template that was published."""
        template: Template = json.load(self._s3.get_object(**self._bucket, Key=key)["Body"])
        return template

    def url(self, key: str) -> str:
        """Where CloudFormation finds a template."""
        return f"{self._s3.meta.endpoint_url}/{self._bucket['Bucket']}/{key}"

    def releases(self, stage: str) -> list[Release]:
        """The releases of a stage, oldest first; none before its first."""
        try:
            text = self._s3.get_object(**self._bucket, Key=f"stages/{stage}.json")["Body"].read()
        except ClientError as error:
            if _is_missing(error):
                return []
            raise
        return msgspec.json.decode(text, type=list[Release])

    def note(self, stage: str, releases: list[Release]) -> None:
        """Remember the releases of a stage."""
        text = msgspec.json.encode(releases[-_KEPT_RELEASES:])
        self._s3.put_object(**self._bucket, Key=f"stages/{stage}.json", Body=text)

    def _provide(self) -> None:
        try:
            self._s3.head_bucket(**self._bucket)
            return
        except ClientError as error:
            if not _is_missing(error):
                raise
        name, region = self._bucket["Bucket"], self._target.region
        # us-east-1 is S3's default, and may not be named.
        place: dict[str, Any] = {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self._s3.create_bucket(Bucket=name, **({} if region == "us-east-1" else place))
        closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        self._s3.put_public_access_block(**self._bucket, PublicAccessBlockConfiguration=dict.fromkeys(closed, True))

    def _put_once(self, key: str, content: bytes) -> None:
        try:
            self._s3.head_object(**self._bucket, Key=key)
        except ClientError as error:
            if not _is_missing(error):
                raise
            self._s3.put_object(**self._bucket, Key=key, Body=content)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _is_missing(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in ("404", "NoSuchKey", "NoSuchBucket")
