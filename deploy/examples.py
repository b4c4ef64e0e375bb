"""One valid body for each request type, by the type's name: what the API's description shows."""

from typing import Any

_PASSWORD = "correct horse battery staple"  # noqa: S105 (shown to everybody)

EXAMPLES: dict[str, dict[str, Any]] = {
    "SignUp": {
        "practice_name": "Elm Street Clinic",
        "time_zone": "America/Chicago",
        "provider": {"first_name": "Ada", "last_name": "Byron", "credential": "MD", "email": "ada@clinic.example"},
        "username": "ada",
        "password": _PASSWORD,
        "owner_email": "owner@clinic.example",
    },
    "SignIn": {"username": "ada", "password": _PASSWORD, "totp": "492039"},
    "ChangePassword": {"current_password": _PASSWORD, "password": "nine purple umbrellas"},
    "StartTotp": {},
    "ConfirmTotp": {"code": "492039"},
    "RequestPasswordLink": {"username": "ada"},
    "BillingNote": {"billing_note": "billed by hand, contract 2026-118"},
    "SetPassword": {"password": _PASSWORD},
    "NewUser": {"username": "sue", "email": "sue@clinic.example"},
    "EditPractice": {"name": "Elm Street Clinic", "time_zone": "America/Denver"},
    "LicenseQuoteRequest": {"physician": 2, "midlevel": 1},
    "LicenseDecreaseRequest": {"physician": 1, "midlevel": 0},
    "PlaceLicenseOrder": {"physician": 2, "midlevel": 1, "agreement_version": "2026-11", "agreement_accepted": True},
    "CreateProvider": {
        "first_name": "Zoë",
        "last_name": "Smith-Jones",
        "credential": "NP",
        "email": "zoe@clinic.example",
        "npi": "1234567893",
    },
    "EditProvider": {"last_name": "Smith", "access_type": "part_time"},
    "RegisterPatient": {"first_name": "Max", "last_name": "Sample", "date_of_birth": "1984-05-17", "mrn": "A-1001"},
    "Deactivate": {"date": "2027-01-31", "reassign_to": "prv_01k3xj6h0v8m2n4p6r8t0w2y4z", "confirm": True},
    "ReassignPatients": {"to": "prv_01kxq3v6q3c3f5k0q9w2m8b7tz", "patient_ids": ["pat_01kxq3v6q3c3f5k0q9w2m8b7ty"]},
    "AddUsername": {
        "username": "max",
        "email": "max@clinic.example",
        "privileges": {"profile": "view", "patients": "full"},
    },
    "FindAccounts": {"username": "eve", "password": _PASSWORD, "totp": "492039"},
    "JoinAccounts": {"find_token": "ZXZlfDBmM2Q", "provider_ids": ["prv_01k3xj6h0v8m2n4p6r8t0w2y4z"]},
    "Privileges": {"profile": "full", "patients": "view", "codes": "none"},
    "NewDiagnosis": {"code": "E11.9", "description": "Type 2 diabetes mellitus without complications"},
    "NewBillingCode": {"code": "G0008", "description": "Administration of influenza virus vaccine", "fee_cents": 3200},
    "NewPayer": {"code": "60054", "name": "Example Health Plan", "type": "commercial"},
    "EditDiagnosis": {"description": "Type 2 diabetes, without complications"},
    "EditBillingCode": {"modifiers": ["25"], "fee_cents": 3500},
    "EditPayer": {"type": "medicare"},
    "FileTicket": {
        "subject": "The printer of room 2 prints nothing",
        "body": "It is on, and it has paper. What else can we try?",
        "category": "problem",
        "priority": "normal",
        "cc": ["sue"],
        "articles_do_not_help": True,
    },
    "EditTicket": {"priority": "high", "cc": ["sue", "pat"]},
    "WriteComment": {"body": "It prints again. Thank you!"},
    "SaveConfiguration": {"messaging_enabled": True, "default_location": "Elm Street 5", "outcome_threshold": 4},
}
