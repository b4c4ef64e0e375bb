"""What keeps data and messages does not lose them, and does not show them to others."""

from deploy import names
from deploy.functions import TABLES
from deploy.tables import table_definition
from tests.contract.template import Package


def test_the_tables_are_the_declared_ones_with_their_keys_and_indexes(package: Package) -> None:
    tables = package.of_type("AWS::DynamoDB::Table")
    assert set(tables) == {names.resource(table.setting) for table in TABLES}
    for table in TABLES:
        definition = table_definition(table)
        assert {name: tables[names.resource(table.setting)].get(name) for name in definition} == definition


def test_every_table_is_encrypted_recoverable_and_protected_from_deletion(package: Package) -> None:
    for name, table in package.of_type("AWS::DynamoDB::Table").items():
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
        assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}, name
        assert table["DeletionProtectionEnabled"] is True, name


def test_what_holds_data_or_keys_outlives_the_stack(package: Package) -> None:
    for kind in ("AWS::DynamoDB::Table", "AWS::KMS::Key", "AWS::S3::Bucket", "AWS::SecretsManager::Secret"):
        for name in package.of_type(kind).keys() - {"OperationsKey"}:  # which encrypts alarms on their way
            resource = package.resources[name]
            assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain"), name


def test_rows_expire_exactly_in_the_tables_that_declare_it(package: Package) -> None:
    tables = package.of_type("AWS::DynamoDB::Table")
    for table in TABLES:
        expected = {"AttributeName": "expires_at", "Enabled": True} if table.expires else None
        assert tables[names.resource(table.setting)].get("TimeToLiveSpecification") == expected, table.setting


def test_the_key_over_totp_seeds_rotates_and_works_only_for_a_named_practice_and_username(package: Package) -> None:
    key = package.of_type("AWS::KMS::Key")["TotpKey"]
    assert key["EnableKeyRotation"] is True
    using = [each for each in key["KeyPolicy"]["Statement"] if {"kms:Decrypt", "kms:Encrypt"} & set(each["Action"])]
    assert [each["Condition"] for each in using] == [
        {"Null": {"kms:EncryptionContext:practice_id": "false", "kms:EncryptionContext:username": "false"}}
    ]


def test_the_signing_secret_is_made_by_aws_with_more_than_256_bits(package: Package) -> None:
    (secret,) = package.of_type("AWS::SecretsManager::Secret").values()
    # Letters and digits only: 5.9 bits each. The code uses the first 64 of them where a key may not be longer.
    assert secret["GenerateSecretString"] == {"PasswordLength": 64, "ExcludePunctuation": True}


def test_each_department_has_a_topic_an_inbox_and_a_queue_for_what_could_not_be_delivered(package: Package) -> None:
    topics = {"AccountingTopic", "SupportTopic"}
    subscriptions = [
        each for each in package.of_type("AWS::SNS::Subscription").values() if each["TopicArn"]["Ref"] in topics
    ]
    assert {each["TopicArn"]["Ref"]: each["Endpoint"]["Ref"] for each in subscriptions} == {
        "AccountingTopic": "AccountingEmail",
        "SupportTopic": "SupportEmail",
    }
    queues = {each["TopicArn"]["Ref"]: each["RedrivePolicy"]["deadLetterTargetArn"] for each in subscriptions}
    policies = package.of_type("AWS::SQS::QueuePolicy").values()
    statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    assert {each["Condition"]["ArnEquals"]["aws:SourceArn"]["Ref"]: each["Resource"] for each in statements} == queues
    assert {(each["Principal"]["Service"], each["Action"]) for each in statements} == {
        ("sns.amazonaws.com", "sqs:SendMessage")
    }


def test_topics_and_queues_are_encrypted(package: Package) -> None:
    assert all(topic["KmsMasterKeyId"] for topic in package.of_type("AWS::SNS::Topic").values())
    assert all(queue["SqsManagedSseEnabled"] for queue in package.of_type("AWS::SQS::Queue").values())
