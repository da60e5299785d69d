"""What the record cannot answer: not there, somebody else's, to come, an opinion, or resting on what never was.

Beside the questions of state and value stand some that sound alike and have an answer: events are closed, so that
what isn't recorded did not happen.
"""

from __future__ import annotations

from benchmarks.answers.foreign import drugs as drug
from benchmarks.answers.foreign import measured as m
from benchmarks.answers.foreign import recorded as rec
from benchmarks.answers.foreign.asking import ask, of
from benchmarks.answers.foreign.record import last_days, last_hours, stay, this_year
from benchmarks.answers.foreign.recorded import ORDER, absent

ASKED = [
    ask("What was the maximum {x} during the last hospital visit?", of("ward-coronary", absent, x="heart rate"), of("ward-lungs", absent, x="lipase"), of("ward-pancreas", absent, x="troponin T")),
    ask("On which day did she come off {x}?", of("town-mother", absent, x="sertraline"), of("town-kidney", absent, x="prednisolone"), of("sim-birth", absent, x="the magnesium infusion")),
    ask("who pays for patient {n}'s care?", of("ward-coronary", absent, n="10042915"), of("ward-pancreas", absent, n="10068033")),
    ask("latest creatinine for patient 10055820", of("ward-pancreas", absent)),
    ask("Give me Marjorie Delacroix's eGFR.", of("town-heart", absent)),
    ask("What does his wife take for her blood pressure?", of("town-heart", absent)),
    ask("When will she be extubated?", of("ward-lungs", absent)),
    ask("what is the chance that the pancreas recovers", of("ward-pancreas", absent)),
    ask("would you {x}?", of("ward-pancreas", absent, x="start antibiotics now"), of("town-kidney", absent, x="refer her to nephrology"), of("town-heart", absent, x="stop the digoxin")),
    ask("Is the statin dose sensible in your view?", of("town-heart", absent)),
    ask("home dose of {x}?", of("ward-pancreas", absent, x="insulin degludec"), of("ward-lungs", absent, x="tiotropium")),
    ask("Name of the cardiac surgeon?", of("ward-coronary", absent)),
    ask("email address on file?", of("town-mother", absent), of("ward-pancreas", absent)),
    ask("allergies?", of("ward-coronary", absent), of("town-heart", absent), of("ward-pancreas", absent)),
    ask("any reaction to {x} known?", of("ward-lungs", absent, x="penicillin"), of("town-mother", absent, x="aspirin")),
    ask("Did his father have heart disease?", of("town-heart", absent), of("ward-coronary", absent)),
    ask("What were the results of the {x}?", of("ward-pancreas", absent, x="ERCP"), of("town-kidney", absent, x="renal biopsy"), of("town-mother", absent, x="amniocentesis")),
    ask("Date of the appendectomy?", of("town-mother", absent), of("ward-pancreas", absent)),
    ask("for what reason was the {x} given up", of("town-kidney", absent, x="lisinopril"), of("ward-coronary", absent, x="warfarin")),
    ask("Which pathologist read the lung biopsy?", of("ward-lungs", absent)),
    ask("mean finger-stick glucose over the past 24 hours", of("ward-lungs", m.average("50931", last_hours(24))), of("sim-metabolic", m.average("2345-7", last_hours(24)))),
    ask("By how much has the {x} changed within the last 7 days?", of("sim-metabolic", m.difference("2160-0", -1, 0, last_days(7)), x="creatinine"), of("ward-lungs", m.difference("50912", -1, 0, last_days(7)), x="creatinine")),
    ask("most recent {x}?", of("town-heart", absent, x="TSH"), of("sim-asthma", absent, x="ferritin"), of("town-kidney", absent, x="vitamin D level")),
    ask("How many cigarettes a day?", of("town-heart", absent), of("sim-asthma", absent)),
    ask("how many drinks did he have before the attack", of("ward-pancreas", absent)),
    ask("does she suffer from {x}?", of("town-kidney", absent, x="glaucoma"), of("panel-anaemia", absent, x="asthma"), of("town-mother", absent, x="diabetes")),
    ask("What blood pressure goal has been set?", of("town-heart", absent), of("visits-kidney", absent)),
    ask("When is the follow-up booked?", of("ward-coronary", absent), of("town-mother", absent)),
    ask("Cost of the stent?", of("ward-coronary", absent)),
    ask("name of the baby?", of("town-mother", absent)),
    ask("whom should we call in an emergency", of("ward-lungs", absent), of("town-kidney", absent)),
    ask("how old was her mother at death?", of("town-kidney", absent)),
    ask("Has {x} caused any trouble?", of("town-kidney", absent, x="hydroxychloroquine"), of("ward-pancreas", absent, x="the ketorolac")),
    ask("mood today?", of("ward-pancreas", absent)),
    ask("is he fit to fly", of("town-heart", absent), of("ward-coronary", absent)),
    ask("What's the best treatment for {x}?", of("town-mother", absent, x="her epilepsy in pregnancy"), of("ward-lungs", absent, x="the Pseudomonas")),
    ask("what did the nephrologist say?", of("ward-pancreas", absent), of("town-kidney", absent)),
    ask("how was the {x} after the kidney transplant", of("town-kidney", absent, x="creatinine")),
    ask("Why did he decline the operation?", of("ward-pancreas", absent)),
    ask("ABO type on file?", of("town-mother", absent), of("ward-coronary", absent)),
    # closed world: no, none, not
    ask("ever undergone {x}?", of("town-heart", rec.happened("Procedure", "colonoscopy"), x="colonoscopy"), of("ward-coronary", rec.happened("Procedure", "dialysis|urinary filtration"), x="dialysis"), of("town-mother", rec.happened("Procedure", "mammograph"), x="mammography")),
    ask("number of {x} prescriptions", of("ward-coronary", rec.how_many(ORDER, "vancomycin"), x="vancomycin"), of("town-mother", rec.how_many(ORDER, "metformin"), x="metformin"), of("sim-asthma", rec.how_many(ORDER, "prednis"), x="prednisone")),
    ask("Taking any opioid?", of("town-heart", drug.taking("oxycodone|morphine|tramadol|codone")), of("sim-metabolic", drug.taking("oxycodone|morphine|tramadol|codone"))),
    ask("Were blood products transfused in this admission?", of("ward-pancreas", rec.happened("Procedure", "transfusion", stay(-1)))),
    ask("any emergency department attendance", of("visits-kidney", rec.happened("Encounter", "emergency")), of("sim-metabolic", rec.happened("Encounter", "emergency"))),
    ask("Was an MRI ever taken?", of("town-mother", rec.happened("Procedure ImagingStudy DiagnosticReport", "mri|magnetic resonance")), of("sim-infarct", rec.happened("Procedure ImagingStudy DiagnosticReport", "mri|magnetic resonance"))),
    ask("lactate measured {x}?", of("ward-coronary", m.measured("50813", this_year), x="this year")),
]  # fmt: skip
