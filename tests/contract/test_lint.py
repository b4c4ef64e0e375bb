"""checkov's findings against the exceptions: `make lint-template` runs checkov itself."""

from deploy.lint import EXCEPTIONS, Finding, Overruled, complaints
from tests.contract.template import Package

QUEUES = {"CKV_1": Overruled("AWS::SQS::Queue", "for a reason")}


def test_a_finding_with_an_exception_is_no_complaint() -> None:
    assert complaints([Finding("CKV_1", "AWS::SQS::Queue.Letters")], QUEUES) == []


def test_a_finding_without_an_exception_or_on_another_type_is_one() -> None:
    found = [Finding("CKV_1", f"AWS::SQS::{kind}.Letters", "is encrypted") for kind in ("Queue", "QueuePolicy")]
    found.append(Finding("CKV_2", "AWS::SQS::Queue.Letters", "is small"))
    assert complaints(found, QUEUES) == [
        "AWS::SQS::QueuePolicy.Letters: CKV_1 is encrypted",
        "AWS::SQS::Queue.Letters: CKV_2 is small",
    ]


def test_an_exception_that_nothing_needs_is_one() -> None:
    assert complaints([], QUEUES) == ["CKV_1: this exception is needed no more"]


def test_every_exception_is_about_resources_that_there_are_and_gives_its_reason(package: Package) -> None:
    for check, exception in EXCEPTIONS.items():
        assert package.of_type(exception.kind), check
        assert len(exception.reason.split()) > 3, check
