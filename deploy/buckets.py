"""The buckets: private, encrypted, reached over TLS alone. They outlive the stack, as tables do."""

from typing import Any

from deploy import names
from deploy.resources import KEPT, Resources


def reports() -> Resources:
    """The reconciliation reports, every version of them."""
    return _bucket("REPORTS_BUCKET", {"VersioningConfiguration": {"Status": "Enabled"}})


def uploads() -> Resources:
    """Files from outside. No versions: what is deleted is gone.

    Any page may send the POST of a form: only the form's signature lets it in, and no cookie goes with it. The
    console's own address can't be named here, as the API's definition leads to this bucket.
    """
    lifecycle = [
        {
            "Id": name,
            "Status": "Enabled",
            "Prefix": prefix,
            "ExpirationInDays": 1,
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
        for name, prefix in (("Forgotten", "quarantine/"), ("TakenAway", "exports/"))
    ]
    posts = {"AllowedMethods": ["POST"], "AllowedOrigins": ["*"], "AllowedHeaders": ["*"], "MaxAge": 3600}
    return _bucket(
        "UPLOADS_BUCKET",
        {"LifecycleConfiguration": {"Rules": lifecycle}, "CorsConfiguration": {"CorsRules": [posts]}},
    )


def _bucket(setting: str, own: dict[str, Any]) -> Resources:
    name = names.resource(setting)
    encryption = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    properties = {
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
        "PublicAccessBlockConfiguration": dict.fromkeys(closed, True),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        **own,
    }
    tls_only = {
        "Sid": "EncryptedTransportOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [{"Fn::GetAtt": [name, "Arn"]}, {"Fn::Sub": f"${{{name}.Arn}}/*"}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [tls_only]}
    return {
        name: {"Type": "AWS::S3::Bucket", **KEPT, "Properties": properties},
        f"{name}Policy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": name}, "PolicyDocument": document},
        },
    }
