"""What is planned or was asked for: orders, referrals, appointments, goals, plans."""

from benchmarks.answers.gold import Asked as Q
from benchmarks.answers.look_ups import any_of, dated, day_of, each, given, no, phrase, said, things, yes

# fmt: off
ASKED = (
    Q("maria-alvarez", "next appointment", phrase(dated("2026-09-23", must=("Appointment",)))),
    Q("maria-alvarez", "HbA1c goal", any_of(said("7.5", must=("Goal",), may=("CarePlan",)), given(7.5, "%", must=("Goal",)))),
    Q("maria-alvarez", "is an eye exam ordered", yes("ServiceRequest:retinal", may=("DocumentReference:progress@2026-06-18",))),
    Q("maria-alvarez", "open orders", each("ServiceRequest!active")),
    Q("maria-alvarez", "was diabetes education completed?", yes("ServiceRequest:self-management")),
    Q("james-whitfield", "dry weight target", any_of(said("93 kg", must=("Goal",), may=("CarePlan",)), given(93, "kg", must=("Goal",)))),
    Q("james-whitfield", "ICD referral status", said("on hold", "on-hold", must=("ServiceRequest:ICD",), may=("DocumentReference",))),
    Q("james-whitfield", "what should he do for self care", said("weigh every morning", "sodium", must=("CarePlan",))),
    Q("dorothy-freeman", "BP target in the care plan", said("130/80", must=("CarePlan",))),
    Q("dorothy-freeman", "which arm must be preserved", said("left", must=("CarePlan | ServiceRequest:vascular | DocumentReference:consult",), may=("DocumentReference", "CarePlan", "ServiceRequest"))),
    Q("dorothy-freeman", "when is the next kidney clinic", dated("2026-08-29", must=("Appointment",))),
    Q("hien-nguyen", "follow-up CT ordered?", yes("ServiceRequest:CT chest", may=("DocumentReference:discharge", "DiagnosticReport:angiogram"))),
    Q("hien-nguyen", "what is pending at discharge", said("acid-fast", "AFB", must=("DocumentReference:discharge",), may=("DiagnosticReport:acid", "ServiceRequest:acid"))),
    Q("hien-nguyen", "pending orders", each("ServiceRequest!active")),
    Q("kwame-mensah", "what test was ordered at the last visit", said("video-EEG", "video EEG", must=("ServiceRequest:video",), may=("DocumentReference:consult",))),
    Q("linda-kaminski", "cancelled referrals", each("ServiceRequest!revoked", may=("DocumentReference",))),
    Q("frank-delaney", "is pulmonary rehab still ordered", no("ServiceRequest:rehabilitation")),
    Q("denise-carter", "terms of the opioid agreement", said("one prescriber", must=("CarePlan",))),
    Q("ruth-goldberg", "mammogram due when", dated("2026-08-29", must=("ServiceRequest:mammogram",))),
    Q("mateo-garcia", "yellow zone in the action plan", said("albuterol 2-4 puffs", must=("CarePlan",))),
    # held
    Q("liam-oconnor", "upcoming appointments", each("Appointment")),
    Q("liam-oconnor", "pump referral placed on", dated("2026-06-22", must=("ServiceRequest:pump",))),
    Q("eleanor-marsh", "when is the INR recheck due", dated("2026-07-04", must=("ServiceRequest:INR",))),
    Q("eleanor-marsh", "goal INR in the plan", said("2.5-3.5", "2.5 to 3.5", must=("Goal",), may=("CarePlan", "Condition:Z95.2", "DocumentReference"))),
    Q("samuel-okonkwo", "outstanding investigations", each("ServiceRequest!active", may=("DocumentReference",))),
    Q("chloe-lefevre", "date of the next prenatal visit", dated("2026-07-14", must=("Appointment",))),
    Q("chloe-lefevre", "What has been ordered and not yet done?", each("ServiceRequest!active", may=("Appointment", "DocumentReference"))),
    Q("fatima-al-rashid", "hepatitis serology requested?", yes("ServiceRequest:hepatitis", may=("DocumentReference",))),
    Q("edith-thornton", "OT home visit done?", yes("ServiceRequest:home safety")),
    Q("edith-thornton", "falls prevention steps", said("night light", must=("CarePlan",))),
    Q("edith-thornton", "DXA order still open", yes("ServiceRequest:DXA", may=("DocumentReference",))),
    Q("harold-jensen", "planned operation", said("right total knee", "right TKA", must=("ServiceRequest:total knee | DocumentReference:progress",), may=("Appointment",))),
    Q("harold-jensen", "surgery date booked", dated("2026-09-13", must=("ServiceRequest:total knee",))),
    Q("harold-jensen", "pre-op assessment on", day_of("Appointment")),
    Q("jasmine-brooks", "crisis number in her safety plan", said("988", must=("CarePlan",))),
    Q("jasmine-brooks", "treatment target for the PHQ", any_of(said("below 5", "< 5", must=("Goal",)), given(5, None, must=("Goal",)))),
    Q("patrick-dsouza", "genetic test - state of the order", said("on hold", "on-hold", must=("ServiceRequest:genetic",), may=("DocumentReference",))),
    Q("robert-kowalczyk", "what authorization is outstanding", said("PCSK9", must=("ServiceRequest:authorization",), may=("DocumentReference",))),
    Q("walter-brandt", "code status", said("not resuscitate", "DNR", must=("CarePlan | DocumentReference:consult",))),
    Q("zoe-abara", "catch-up vaccines ordered", any_of(yes("ServiceRequest:catch-up"), things("ServiceRequest:catch-up"), said("MMR", must=("ServiceRequest:catch-up",)))),
)
