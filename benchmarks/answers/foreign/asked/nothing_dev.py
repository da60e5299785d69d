"""What the record cannot answer: not there, somebody else's, to come, an opinion, or resting on what never was.

Beside the questions of state and value stand some that sound alike and have an answer: events are closed, so that
what isn't recorded did not happen.
"""

from __future__ import annotations

from benchmarks.answers.foreign import drugs as drug
from benchmarks.answers.foreign import measured as m
from benchmarks.answers.foreign import recorded as rec
from benchmarks.answers.foreign.asking import ask, of
from benchmarks.answers.foreign.record import last_hours, stay, this_month
from benchmarks.answers.foreign.recorded import ORDER, absent

ASKED = [
    ask("What was the first value of {x} on the last hospital visit?", of("ward-heart", absent, x="heart rate"), of("ward-liver", absent, x="troponin T"), of("ward-sepsis", absent, x="ammonia")),
    ask("When was {x} stopped?", of("ward-liver", absent, x="her warfarin"), of("town-child", absent, x="the montelukast"), of("sim-diabetes", absent, x="the lisinopril")),
    ask("what insurance does patient {x} have?", of("ward-heart", absent, x="10017341"), of("ward-sepsis", absent, x="10031207")),
    ask("What is the {x} of patient 10017341's wife?", of("ward-heart", absent, x="age")),
    ask("Show the potassium of patient 10023886.", of("ward-heart", absent)),
    ask("What's Wilbur Quigley's latest creatinine?", of("town-diabetic", absent)),
    ask("how is John Smith's blood pressure doing", of("sim-copd", absent)),
    ask("Will the patient be discharged tomorrow?", of("ward-sepsis", absent)),
    ask("Is she going to survive this?", of("ward-sepsis", absent)),
    ask("Should I switch {x}?", of("ward-sepsis", absent, x="the meropenem to ertapenem"), of("town-diabetic", absent, x="her from metformin to a GLP-1 agonist")),
    ask("What do you think of the discharge plan?", of("ward-heart", absent)),
    ask("What dose of {x} was she on before the admission?", of("ward-liver", absent, x="propranolol"), of("ward-sepsis", absent, x="amlodipine")),
    ask("who is the attending surgeon of the cholecystectomy", of("ward-sepsis", absent)),
    ask("patient's phone number?", of("ward-heart", absent), of("town-lung", absent)),
    ask("Does she have any allergies?", of("ward-sepsis", absent), of("town-diabetic", absent)),
    ask("Is the patient allergic to {x}?", of("ward-liver", absent, x="latex"), of("town-child", absent, x="sulfa")),
    ask("does he have a history of {x} in the family?", of("town-lung", absent, x="lung cancer"), of("ward-heart", absent, x="sudden cardiac death")),
    ask("What came out of the {x}?", of("ward-heart", absent, x="brain MRI"), of("town-diabetic", absent, x="eye examination")),
    ask("When was the hip replacement?", of("town-lung", absent)),
    ask("why was amiodarone discontinued", of("ward-heart", absent)),
    ask("Who performed the colonoscopy's biopsy reading?", of("town-diabetic", absent)),
    ask("Average blood sugar over the last 24 hours?", of("ward-heart", m.average("50931", last_hours(24))), of("sim-diabetes", m.average("2345-7", last_hours(24)))),
    ask("What is the difference between the last and second-to-last value of {x} this month?", of("sim-copd", m.difference("2160-0", -1, -2, this_month), x="creatinine")),
    ask("last vitamin B12 level?", of("town-lung", absent), of("panel-diabetes", absent)),
    ask("how many pack years did he smoke?", of("town-lung", absent)),
    ask("How many units of alcohol does she drink per week?", of("ward-liver", absent)),
    ask("has she got {x}?", of("town-diabetic", absent, x="coeliac disease"), of("visits-pressure", absent, x="gout"), of("panel-diabetes", absent, x="retinopathy")),
    ask("What's the target HbA1c agreed with the patient?", of("town-diabetic", absent)),
    ask("next appointment?", of("town-child", absent)),
    ask("how much will his next chemotherapy cost", of("town-lung", absent)),
    ask("What was her birth weight?", of("visits-pressure", absent)),
    ask("What is the name of the patient's {x}?", of("town-child", absent, x="school"), of("ward-liver", absent, x="next of kin")),
    ask("At what age did his mother die?", of("town-lung", absent)),
    ask("What side effects did she have from {x}?", of("town-diabetic", absent, x="metformin"), of("ward-sepsis", absent, x="pip-tazo")),
    ask("what did the patient eat for breakfast", of("ward-sepsis", absent)),
    ask("Is he a good candidate for surgery?", of("ward-heart", absent)),
    ask("Which drug would be best for the {x}?", of("ward-liver", absent, x="ascites"), of("town-child", absent, x="asthma")),
    ask("What did the cardiology consult recommend?", of("ward-sepsis", absent)),
    ask("When did she have her second child?", of("panel-diabetes", absent)),
    ask("what was the {x} on the day of the bariatric surgery", of("town-diabetic", absent, x="weight")),
    ask("Why does the patient refuse dialysis?", of("ward-sepsis", absent)),
    # closed world: no, none, not
    ask("Was {x} ever done?", of("ward-liver", rec.happened("Procedure", "colonoscopy"), x="a colonoscopy"), of("town-lung", rec.happened("Procedure", "echocardiog"), x="an echo"), of("town-child", rec.happened("Procedure", "tonsillectomy"), x="a tonsillectomy")),
    ask("how many times has {x} been prescribed?", of("ward-heart", rec.how_many(ORDER, "digoxin"), x="digoxin"), of("town-child", rec.how_many(ORDER, "prednis"), x="prednisone"), of("sim-diabetes", rec.how_many(ORDER, "warfarin"), x="warfarin")),
    ask("Is {x} on a statin?", of("town-diabetic", drug.taking("statin"), x="she"), of("panel-diabetes", drug.taking("statin"), x="the patient")),
    ask("Did the patient receive {x} in the current stay?", of("ward-sepsis", rec.happened("Procedure", "transfusion", stay(-1)), x="a blood transfusion")),
    ask("any visits to the ED at all", of("panel-diabetes", rec.happened("Encounter", "emergency"))),
    ask("has a troponin been sent", of("ward-sepsis", m.measured("51003"))),
]  # fmt: skip
