"""The code files of the demo practice's first account: public ICD-10-CM and HCPCS level II codes, made-up payers."""

from collections.abc import Iterator

from chalicelib.codes.model import BillingCode, Diagnosis, Entry, Payer

OWNER = "Grace Murray"
"""Whose account has them."""

_DIAGNOSES = """
A09 Infectious gastroenteritis and colitis, unspecified
B34.9 Viral infection, unspecified
D64.9 Anemia, unspecified
E03.9 Hypothyroidism, unspecified
E11.65 Type 2 diabetes mellitus with hyperglycemia
E11.9 Type 2 diabetes mellitus without complications
E55.9 Vitamin D deficiency, unspecified
E66.9 Obesity, unspecified
E78.5 Hyperlipidemia, unspecified
F32.A Depression, unspecified
F41.1 Generalized anxiety disorder
F41.9 Anxiety disorder, unspecified
G43.909 Migraine, unspecified, not intractable, without status migrainosus
G47.33 Obstructive sleep apnea (adult) (pediatric)
H66.90 Otitis media, unspecified, unspecified ear
I10 Essential (primary) hypertension
I25.10 Atherosclerotic heart disease of native coronary artery without angina pectoris
I48.91 Unspecified atrial fibrillation
J02.9 Acute pharyngitis, unspecified
J06.9 Acute upper respiratory infection, unspecified
J20.9 Acute bronchitis, unspecified
J45.909 Unspecified asthma, uncomplicated
K21.9 Gastro-esophageal reflux disease without esophagitis
K59.00 Constipation, unspecified
L30.9 Dermatitis, unspecified
M17.11 Unilateral primary osteoarthritis, right knee
M25.561 Pain in right knee
M54.2 Cervicalgia
M54.50 Low back pain, unspecified
M79.7 Fibromyalgia
N18.30 Chronic kidney disease, stage 3 unspecified
N39.0 Urinary tract infection, site not specified
R05.9 Cough, unspecified
R07.9 Chest pain, unspecified
R51.9 Headache, unspecified
R53.83 Other fatigue
S93.401A Sprain of unspecified ligament of right ankle, initial encounter
Z00.00 Encounter for general adult medical examination without abnormal findings
Z23 Encounter for immunization
Z79.4 Long term (current) use of insulin
"""
_BILLING = """
A0428 0 Ambulance service, basic life support, non-emergency transport
E0114 4200 Crutches, underarm, other than wood, pair
E0143 9800 Walker, folding, wheeled, adjustable or fixed height
G0008 3200 Administration of influenza virus vaccine
G0009 3200 Administration of pneumococcal vaccine
G0101 4100 Cervical or vaginal cancer screening; pelvic and clinical breast examination
G0103 2100 Prostate cancer screening; prostate specific antigen test
G0108 5600 Diabetes outpatient self-management training services, individual, per 30 minutes
G0270 3400 Medical nutrition therapy; reassessment and subsequent intervention
G0402 16800 Initial preventive physical examination
G0438 17200 Annual wellness visit; includes a personalized prevention plan, initial visit
G0439 13500 Annual wellness visit; includes a personalized prevention plan, subsequent visit
G0442 1900 Annual alcohol misuse screening
G0444 1900 Annual depression screening
G2211 1600 Visit complexity inherent to evaluation and management
J1100 100 Injection, dexamethasone sodium phosphate, 1 mg
J1885 200 Injection, ketorolac tromethamine, per 15 mg
J3420 300 Injection, vitamin B-12 cyanocobalamin, up to 1000 mcg
Q0091 4600 Screening Papanicolaou smear; obtaining, preparing and conveyance
Q2038 1700 Influenza virus vaccine, split virus
"""
_PAYERS = [
    Payer("BR100", "Blue Ridge Health Plan", "commercial"),
    Payer("CMP01", "Cedar Mutual Protection", "workers_compensation"),
    Payer("HGV77", "Harbor Government Services", "tricare"),
    Payer("LKS20", "Lakeside Community Care", "medicaid"),
    Payer("MCR01", "Medicare Part B", "medicare"),
    Payer("NWA55", "Northwind Auto Insurance", "auto"),
    Payer("PRV42", "Prairie Valley Insurance", "commercial"),
    Payer("SELF", "Self-pay", "self_pay"),
    Payer("SUM88", "Summit Employers' Trust", "commercial"),
    Payer("TRI90", "Tri-County Benefit Fund", "other"),
]


def entries() -> Iterator[Entry]:
    """All of them."""
    for line in _DIAGNOSES.strip().splitlines():
        code, _, description = line.partition(" ")
        yield Diagnosis(code, description)
    for line in _BILLING.strip().splitlines():
        code, cents, description = line.split(" ", 2)
        yield BillingCode(code, description, ["25"] if code == "G2211" else [], int(cents) or None)
    yield from _PAYERS
