"""Other wordings: plans, orders and goals."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "care.maria-alvarez.1": (
        "When is she due back?", "date of her next visit", "When is her next appointment?",
        "upcoming appointment",
    ),
    "care.maria-alvarez.2": ("What A1c are we aiming for?", "target HbA1c", "A1c target in her plan"),
    "care.maria-alvarez.3": (
        "Has an eye exam been ordered?", "eye examination on order?", "Is there an order for an eye exam?",
    ),
    "care.maria-alvarez.4": ("Which ordeers are still open?", "outstanding orders", "list active orders"),
    "care.maria-alvarez.5": (
        "Has she completed her diabetes education?", "diabetes education done?",
        "Was the diabetes education finished?",
    ),
    "care.james-whitfield.1": (
        "What dry weight are we aiming for?", "target dry weight", "dry weight goal in kg",
    ),
    "care.james-whitfield.2": (
        "What is the state of the ICD referral?", "ICD referral - where does it stand",
        "staus of the referral for an ICD",
    ),
    "care.james-whitfield.3": (
        "What self-care is he told to do?", "self-care instructoins",
        "What has he been advised to do by himself at home?",
    ),
    "care.dorothy-freeman.1": (
        "What blood pressure target is in her care plan?", "BP goal", "tagret blood pressure per care plan",
    ),
    "care.dorothy-freeman.2": (
        "Which arm is to be saved for vascular access?", "arm to preserve: left or right",
        "Which arm should not be used for blood draws?",
    ),
    "care.dorothy-freeman.3": (
        "date of her next nephrology visit", "When is she due in the kidney clinic again?",
        "upcoming kidney clinic appointment, date",
    ),
    "care.hien-nguyen.1": (
        "Has the follow-up CT been ordered?", "Is there an order for a follow up CT?",
        "CT follow-up requested?",
    ),
    "care.hien-nguyen.2": (
        "Which result was still outstanding at discharge?", "results pending when he was discharged",
        "What was not back yet at discharge?",
    ),
    "care.hien-nguyen.3": (
        "Which orders are outstanding?", "orders still to be done", "list of his open orders",
    ),
    "care.kwame-mensah.1": (
        "Which test did they order at the most recent visit?", "test requested at his latest visit",
        "At the last visit, what investigation was ordered?",
    ),
    "care.linda-kaminski.1": (
        "Which referrals were cancelled?", "referrals that got revoked or cancelled",
        "list the canceled referrals",
    ),
    "care.frank-delaney.1": (
        "Is there still an open order for pulmonary rehab?",
        "pulmonary rehabilitation - order still active?", "Does the pulmonary rehab order still stand?",
    ),
    "care.denise-carter.1": (
        "What does the opioid agreement say?", "conditions of her opioid contract",
        "What was agreed in the opioid agreement?",
    ),
    "care.ruth-goldberg.1": (
        "When is her next mammogram due?", "due date of the mammogram", "mammogram due on what date",
    ),
    "care.mateo-garcia.1": (
        "What does the action plan say for the yellow zone?",
        "asthma action plan: yellow zone instructions", "What to do in the yellow zone?",
    ),
}
# fmt: on
