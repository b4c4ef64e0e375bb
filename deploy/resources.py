"""Where things are kept: the tables, the key over TOTP seeds, the signing secret, the topics."""

from typing import Any

from chalicelib.dynamo import Table
from deploy import names
from deploy.functions import TABLES
from deploy.tables import table_definition

Resources = dict[str, Any]
DEPARTMENTS = ("accounting", "support")
OPERATIONS_TOPIC = "OperationsTopic"
_HEARS = "ses_feedback"
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
_ACCOUNT = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
_FOURTEEN_DAYS = 14 * 24 * 3600
_ADMINISTRATION = [
    "kms:CancelKeyDeletion",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
]


def tables() -> Resources:
    """One table per room. They outlive the stack: their names are DynamoDB's own choice, so a new one can be made."""
    return {names.resource(table.setting): _table(table) for table in TABLES}


def _table(table: Table) -> dict[str, Any]:
    properties = {
        **table_definition(table),
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        # AWS's managed key, aws/dynamodb: its use is in CloudTrail, unlike that of DynamoDB's hidden default key,
        # and the functions need no permission on it, unlike on a key of our own.
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS"},
        "DeletionProtectionEnabled": True,
    }
    if table.expires:
        properties["TimeToLiveSpecification"] = {"AttributeName": "expires_at", "Enabled": True}
    return {"Type": "AWS::DynamoDB::Table", **KEPT, "Properties": properties}


def secrets() -> Resources:
    """What must never be lost or read: the key that encrypts TOTP seeds, the secret that signs."""
    return {
        names.resource("TOTP_KEY"): {
            "Type": "AWS::KMS::Key",
            **KEPT,
            "Properties": {
                "Description": "Encrypts the TOTP seeds of usernames",
                "EnableKeyRotation": True,
                "PendingWindowInDays": 30,
                "KeyPolicy": {"Version": "2012-10-17", "Statement": _key_statements()},
            },
        },
        names.resource("SIGNING_SECRET"): {
            "Type": "AWS::SecretsManager::Secret",
            **KEPT,
            "Properties": {
                "Description": "Signs cursors, receipts and mailed links",
                "GenerateSecretString": {"PasswordLength": 64, "ExcludePunctuation": True},
            },
        },
    }


def _key_statements() -> list[dict[str, Any]]:
    """Both delegate to IAM, where only the functions that check or set up codes are allowed anything. In a key's policy
    "*" is this key.

    Nobody, an administrator neither, encrypts or decrypts without saying whose seed it is.
    """
    return [
        _administration(),
        {
            "Sid": "OneUsernamesSeedAtATime",
            "Effect": "Allow",
            "Principal": _ACCOUNT,
            "Action": ["kms:Decrypt", "kms:Encrypt"],
            "Resource": "*",
            "Condition": {
                "Null": {"kms:EncryptionContext:practice_id": "false", "kms:EncryptionContext:username": "false"}
            },
        },
    ]


def _administration() -> dict[str, Any]:
    return {
        "Sid": "Administration",
        "Effect": "Allow",
        "Principal": _ACCOUNT,
        "Action": _ADMINISTRATION,
        "Resource": "*",
    }


def operations_topic() -> Resources:
    """Where alarms go, with Operations' inbox. CloudWatch can't publish under AWS's managed key, so there is one for
    alarms, and for what SES tells."""
    return {
        OPERATIONS_TOPIC: {
            "Type": "AWS::SNS::Topic",
            "Properties": {"KmsMasterKeyId": {"Ref": "OperationsKey"}},
        },
        f"{OPERATIONS_TOPIC}Policy": _topic_policy(OPERATIONS_TOPIC, "cloudwatch.amazonaws.com"),
        "OperationsSubscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": {"Ref": OPERATIONS_TOPIC},
                "Protocol": "email",
                "Endpoint": {"Ref": "OperationsEmail"},
            },
        },
        "OperationsKey": {
            "Type": "AWS::KMS::Key",
            # Nothing is kept under it: messages pass through.
            "DeletionPolicy": "Delete",
            "UpdateReplacePolicy": "Delete",
            "Properties": {
                "Description": "Encrypts on its way what AWS's services tell us",
                "EnableKeyRotation": True,
                "PendingWindowInDays": 7,
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        _administration(),
                        {
                            "Sid": "AlarmsAndWhatBecameOfMail",
                            "Effect": "Allow",
                            "Principal": {"Service": ["cloudwatch.amazonaws.com", "ses.amazonaws.com"]},
                            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                            "Resource": "*",
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                        },
                    ],
                },
            },
        },
    }


def feedback() -> Resources:
    """Where SES tells what became of our emails, and the function that hears it."""
    topic, events, function = names.resource("FEEDBACK_TOPIC"), names.resource("MAIL_EVENTS"), names.function(_HEARS)
    return {
        events: {
            "Type": "AWS::SES::ConfigurationSet",
            # We stop mail ourselves, and allow it again: SES must not go on keeping it back.
            "Properties": {"SuppressionOptions": {"SuppressedReasons": []}},
        },
        f"{events}Destination": {
            "Type": "AWS::SES::ConfigurationSetEventDestination",
            # SES tries the topic when it is named here.
            "DependsOn": f"{topic}Policy",
            "Properties": {
                "ConfigurationSetName": {"Ref": events},
                "EventDestination": {
                    "Enabled": True,
                    "MatchingEventTypes": ["bounce", "complaint"],
                    "SnsDestination": {"TopicARN": {"Ref": topic}},
                },
            },
        },
        # What passes through names addresses, and SES can't publish under AWS's managed key.
        topic: {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Ref": "OperationsKey"}}},
        f"{topic}Policy": _topic_policy(topic, "ses.amazonaws.com"),
        "FeedbackSubscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": {"Ref": topic},
                "Protocol": "lambda",
                "Endpoint": {"Fn::GetAtt": [function, "Arn"]},
            },
        },
        "FeedbackPermission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": function},
                "Action": "lambda:InvokeFunction",
                "Principal": "sns.amazonaws.com",
                "SourceArn": {"Ref": topic},
            },
        },
    }


def topics() -> Resources:
    """Each department's topic with its inbox; what can't be delivered waits in a queue for two weeks."""
    resources: Resources = {}
    for department in DEPARTMENTS:
        topic, queue = names.resource(f"{department}_topic"), f"{department.title()}DeadLetters"
        resources[topic] = {
            "Type": "AWS::SNS::Topic",
            # AWS's managed key: only our functions publish here, and they need no permission on it. EventBridge
            # and CloudWatch alarms can't publish under it: they need a topic of their own.
            "Properties": {"KmsMasterKeyId": "alias/aws/sns"},
        }
        resources[f"{topic}Policy"] = _topic_policy(topic)
        resources[f"{department.title()}Subscription"] = {
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": {"Ref": topic},
                "Protocol": "email",
                "Endpoint": {"Ref": f"{department.title()}Email"},
                "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": [queue, "Arn"]}},
            },
        }
        resources[queue] = {
            "Type": "AWS::SQS::Queue",
            # SQS's own encryption: SNS can't write to a queue under AWS's managed KMS key.
            "Properties": {"MessageRetentionPeriod": _FOURTEEN_DAYS, "SqsManagedSseEnabled": True},
        }
        resources[f"{queue}Policy"] = {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": queue}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sns.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": {"Fn::GetAtt": [queue, "Arn"]},
                            "Condition": {"ArnEquals": {"aws:SourceArn": {"Ref": topic}}},
                        }
                    ],
                },
            },
        }
    return resources


def _topic_policy(topic: str, *services: str) -> dict[str, Any]:
    """IAM alone decides who in this account publishes and subscribes, and `services` of AWS's may publish.

    Without a policy of its own a topic gets SNS's, which lets every role of the account do both.
    """
    publish = {"Effect": "Allow", "Action": "sns:Publish", "Resource": {"Ref": topic}}
    ours = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    statements = [
        publish | {"Principal": _ACCOUNT},
        *(publish | {"Principal": {"Service": service}, "Condition": ours} for service in services),
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    return {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {"Topics": [{"Ref": topic}], "PolicyDocument": document},
    }
