"""AWS's price list in us-east-1 in dollars, on demand, as its pages said in 2026, without the free tiers."""

_MILLION = 1e6

WRITE_UNIT = 0.625 / _MILLION
READ_UNIT = 0.125 / _MILLION
TABLE_GB_MONTH = 0.25 + 0.20
"""Stored, and once more for point-in-time recovery."""

GATEWAY_REQUEST = 3.50 / _MILLION
FIREWALL_REQUEST = 0.60 / _MILLION
INVOCATION = 0.20 / _MILLION
GB_SECOND = 0.0000166667
CALLS = {
    "sns:Publish": 0.50 / _MILLION + 2.00 / 100_000,  # with the one email that comes of it
    "sesv2:SendEmail": 0.10 / 1000,
    "kms:Encrypt": 0.03 / 10_000,
    "kms:Decrypt": 0.03 / 10_000,
}
LOG_GB = 0.50 + 0.03
"""Taken in, and kept for a month."""

RESOURCES_A_MONTH = {
    "AWS::KMS::Key": 1.00,
    "AWS::SecretsManager::Secret": 0.40,
    "AWS::CloudWatch::Alarm": 0.10,
    "AWS::CloudWatch::Dashboard": 3.00,
    "AWS::WAFv2::WebACL": 5.00 + 1.00,  # with its one rule
}
"""What is paid for being there."""
