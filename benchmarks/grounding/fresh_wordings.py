"""Wordings of the split `fresh`: written at once, without a look at the rules, to see what new words get."""

from __future__ import annotations

_FIRST: dict[str, list[str]] = {
    "single": [
        "{name} clocked in at {number} {unit} on {date} [1].",
        "They recorded {number} {unit} for her {name} on {date} [1].",
        "In the {date} blood work, {name} read {number} {unit} [1].",
        "The chart's {name} for {date} is {number} {unit} [1].",
        "A {name} check on {date} yielded {number} {unit} [1].",
        "{name} registered {number} {unit} ({date}) [1].",
    ],
    "flagged": [
        "{name} lies in the {level} range at {number} {unit} [1].",
        "The {name} turned out {level}, namely {number} {unit} [1].",
        "{number} {unit} is a {level} {name} [1].",
        "{name} was on the {level} side at {number} {unit} [1].",
    ],
    "pair": [
        "{name} sat at {number} {unit} and {name2} at {number2} {unit2} [1][2].",
        "Checked together in {date}: {name} {number} {unit}, {name2} {number2} {unit2} [1][2].",
        "With {name} at {number} {unit} [1], {name2} was found to be {number2} {unit2} [2].",
    ],
    "trend": [
        "{name} drifted from {number} {unit} in {date} to {number2} {unit} in {date2} [1][2].",
        "Starting at {number} {unit} ({date}), {name} ended at {number2} {unit} ({date2}) [1][2].",
        "{name} {decreased} over the interval, the last value being {number2} {unit} against {number} {unit} before [1][2].",
        "In {date2} the {name} read {number2} {unit}; in {date} it had read {number} {unit} [1][2].",
        "A {lower} {name} was seen in {date2} ({number2} {unit}) compared with {date} ({number} {unit}) [1][2].",
    ],
    "pressure": [
        "Cuff pressure on {date} came to {number}/{number2} mmHg [1].",
        "{date}: BP {number} over {number2} [1].",
        "The pressure reading of {date} was {number} systolic and {number2} diastolic [1].",
    ],
    "active drug": [
        "She is still getting {drug} {number} {unit} {often} [1].",
        "Present treatment: {drug}, {number} {unit} {often} [1].",
        "{drug} {number} {unit} is among what the patient takes now [1].",
        "{brand} ({drug}) {number} {unit} stays on the list [1].",
        "The patient's regimen contains {drug} {number} {unit} {often} [1].",
    ],
    "stopped drug": [
        "{drug} {number} {unit} has been withdrawn [1].",
        "{drug} is off the list now, having been stopped [1].",
        "They discontinued {drug} {number} {unit} [1].",
        "{drug} {number} {unit}, begun in {date}, was later dropped [1].",
    ],
    "reason": [
        "{drug} was chosen to deal with {reason} [1].",
        "{reason} is what {drug} is prescribed for [1].",
        "{drug} {number} {unit} is meant for {reason} [1].",
    ],
    "problem": [
        "{finding} figures on the list of active problems [1].",
        "{finding} goes back to {year} [1].",
        "The patient has been dealing with {finding} since {year} [1].",
        "{finding} was picked up in {year} and persists [1].",
    ],
    "resolved": [
        "{finding} ({year}) is over [1].",
        "{finding} cleared up [1].",
        "There was {finding} in {year}; it is behind the patient now [1].",
    ],
    "allergy": [
        "{agent} is to be avoided because of an allergy ({reaction}) [1].",
        "Exposure to {agent} has caused {reaction} [1].",
        "{agent} gives the patient {reaction} [1].",
    ],
    "vaccine": [
        "{vaccine} went in on {date} [1].",
        "The patient got the {vaccine} on {date} [1].",
        "A dose of {vaccine} is on record for {date} [1].",
    ],
    "procedure": [
        "{procedure} took place in {year} [1].",
        "In {year} the patient had {procedure} [1].",
        "{date} is the date of the {procedure} [1].",
    ],
    "conclusion": [
        "On the {title} ({date}) one sees {said} [1].",
        "The {title} reads: {said} [1].",
        "Reported on the {title}: {said} [1].",
    ],
    "count": [
        "The record holds {count} {name} measurements {all}.",
        "{name} was measured {count} times {all}.",
    ],
    "threshold": [
        "{name} lay {above} {bound} {unit} [1].",
        "At that time {name} was {more} {bound} {unit} [1].",
    ],
    "converted": ["In other units the {name} is {number} {unit} [1]."],
    "visit": [
        "On {date} the patient came in for {why} [1].",
        "{why} was the reason for the {visit} of {date} [1].",
    ],
}
_SECOND: dict[str, list[str]] = {
    "single": [
        "The lab's answer for {name} on {date} was {number} {unit} [1].",
        "{name} had a value of {number} {unit}, sampled on {date} [1].",
        "{number} {unit}: that was the {name} on {date} [1].",
        "Her {name} hovered at {number} {unit} on {date} [1].",
        "{name} for {date} is given as {number} {unit} [1].",
    ],
    "flagged": [
        "The {name} is {level}, the lab giving {number} {unit} [1].",
        "{name}: {level}, {number} {unit} [1].",
        "An {name} of {number} {unit} was called {level} [1].",
    ],
    "pair": [
        "Both were checked: {name} was {number} {unit}, {name2} was {number2} {unit2} [1][2].",
        "{name} of {number} {unit} and {name2} of {number2} {unit2} were seen in {date} [1][2].",
    ],
    "trend": [
        "{name} moved {down} to {number2} {unit} in {date2}, having been {number} {unit} in {date} [1][2].",
        "From {date} on, {name} {decreased}, reaching {number2} {unit} in {date2} [1][2].",
        "A change of {by} {unit} in {name} was seen between {date} and {date2} [1][2].",
        "{name} {number} {unit} in {date}, and {number2} {unit} in {date2}: it {fell} [1][2].",
        "As of {date2} {name} is {lower} than it was in {date} [1][2].",
        "The {name} {fell} by {percent} % in the time from {date} to {date2} [1][2].",
    ],
    "pressure": [
        "Her pressure was {number}/{number2} when taken on {date} [1].",
        "On {date} the systolic was {number} and the diastolic {number2} [1].",
    ],
    "active drug": [
        "{drug} {number} {unit} {often} is what the patient is on [1].",
        "{drug} {number} {unit}, in use since {date}, goes on [1].",
        "An order for {number} {unit} of {drug} is in force [1].",
        "Treatment with {drug} {number} {unit} {often} is under way [1].",
    ],
    "stopped drug": [
        "{drug} {number} {unit} is a thing of the past [1].",
        "{drug} was given up [1].",
        "The {drug} from {date} did not continue [1].",
        "{drug} {number} {unit} is not being taken at present [1].",
    ],
    "reason": ["What {drug} treats is {reason} [1].", "{reason} led to {drug} being prescribed [1]."],
    "problem": [
        "{finding} counts among the active diagnoses [1].",
        "{finding} has been known since {year} [1].",
        "{finding} was diagnosed on {date} and is still there [1].",
        "The patient has lived with {finding} since {year} [1].",
    ],
    "resolved": [
        "{finding} healed [1].",
        "{finding} is not active any longer [1].",
        "The {finding} of {year} has settled [1].",
        "{finding} is inactive now [1].",
    ],
    "allergy": [
        "{agent} must not be given: it caused {reaction} [1].",
        "The reaction to {agent} was {reaction} [1].",
        "With {agent} there was {reaction} [1].",
    ],
    "vaccine": [
        "Vaccination with {vaccine} happened on {date} [1].",
        "{vaccine}: last dose {date} [1].",
        "On {date}, {vaccine} was administered [1].",
    ],
    "procedure": ["{procedure} dates from {year} [1].", "The {procedure} was carried out on {date} [1]."],
    "conclusion": ["According to the {title}, there is {said} [1].", "{said}: so the {title} of {date} [1]."],
    "count": [
        "{Count} {name} results can be found {all}.",
        "There have been {count} measurements of {name} {all}.",
    ],
    "threshold": [
        "The {name} came in {above} {bound} {unit} [1].",
        "{name} stood {above} {bound} {unit} then [1].",
    ],
    "converted": ["Converted, the {name} amounts to {number} {unit} [1]."],
    "visit": ["The {visit} on {date} was about {why} [1].", "{why}: {visit} of {date} [1]."],
}
FRESH = {kind: [*_FIRST[kind], *_SECOND.get(kind, ())] for kind in _FIRST}
