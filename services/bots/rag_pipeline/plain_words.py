"""Words that tell nothing of what a question is about, and those that make a concept another one."""

from __future__ import annotations

from collections.abc import Iterable

from services.index.features import stems
from services.knowledge.terms import TOKEN

# Beside a concept these make it another thing, though no clinical term holds them.
QUALIFYING = frozenset(
    """
    biopsy percentile genotype implant implanted injection level metastasis metastatic operated operation recur
    recurred recurrence recurrent relapse relapsed replacement resistance surgery transplant
    """.split()  # noqa: SIM905
)
# Words that carry no content of their own in a question to a record.
GENERIC = frozenset(
    """
    a abnormal about above according across active actually add added administered after ago all also
    altogether am amid amount must pls plz thx ta cheers asap neither nor running tall heavy suffer suffers suffered suffering unique remind affect affected affects wrong milliliter milliliters millilitre millilitres microgram micrograms nanogram nanograms millimole millimoles micromole micromoles centimeter centimeters millimetre millimetres millimeters centimetres litres liters milligrams show shown an and another answer any anyone anything approx approximately are around
    arrival as asked at author authored available average avg back baseline be became because been
    before behind being below best better between beyond bit blood both boy brief but by call called
    came can care carried carries carry case cause caused change changed changes chap chart check
    checked checks clinic clinical clinician combined come comes common compare compared complete
    confirm copies could count course current currently data date dated dates day days days' decrease
    decreased decreasing degree describe described detail details determine diagnose diagnosed diagnoses
    diagnosis dictated did diff differ difference different distinct do doctor documentation documented
    does doing done dosage dose doses down draw drawn draws drop dropped due during each earlier
    earliest either elevated else end ended entered entries entry episode episodes equal etc ever
    ever-recorded every evidence exact exactly exceeding exist fallen falling far fell fellow fewer
    figure figures file find first first-ever follow following for found fr from ft full further gain
    gained gave gentleman get gets getting girl give given go goes going gone good got gotten greater
    had happen happened has have having he hello her her's here hers hey hi high higher highest him his
    history hospitalisation hospitalization hour hours how how's i if improved improving in inactive
    everything everyone nothing injection injections infusion infusions dose doses beginning coded code codes distinct different separate ran sent
    arrive arrived arrives quit frequent frequently common commonly paid billed already disease diseases ran session sessions series completed complete dates refused refuse declined withheld home use uses stay stayed staying
    include including increase increased increasing indicate indicated indication individual information
    initial inpatient into is issue it its just keep kg kilo kilogram kilograms kilos kind kindly know
    known lab labs lady last late lately later latest lbs lead leading least leaving led left less
    lesser let level levels like limit limits list listed long longest look looked loss lost low lower
    lowest lst made make man managed management many maximum may me mean measure measured measurement
    median medical mention mentioned might min minimum moment month months more most most-recent much my
    nadir name named near need never new newer newest next no normal not note noted notes now nowadays
    number numbers occasion occasions occur occurred occurring of off often ok old on once one one's
    ones ongoing only onset onto open or order ordered other our out outside over overall overview own
    part past patient patients peak per perform performed period person picture place plasma please plot principal main major issued book books
    point possible pound pounds prescribe prescribed prescriber prescribes prescription present
    presented presently previous previously prior pt pull put question quick raised range rate reach
    reached reading readings reason receive received receives recent recently recommend record recorded
    records reduced reference regard regarding related report reported reports resolved responsible
    result results review right risen rising rose roughly run s same say says season see seem seems seen
    serum set sets she should show showed shown shows side signed since single sit sits so some somebody
    someone something sometime soon sort specific spend spends spent stable stand stands start started
    state status still stop stopped story strength stuff such summarise summarize summary sure t take
    taken takes taking tell test tested testing tests than thank thanks that the their them then therapy
    there there's these they thing things this those thus time times to today together told took total
    toward treat treated treatment trend trending two type types under undergo undergoing undergone underwent unit units
    until up upon upper us use used using usual usually value value's values various version versus very
    via visit visits vs was way we week weeks well went were what what's when when's where where's
    whether which whichever while who who's whom whose why will with within without woman work worse
    worsening worst would write written wrote year years yes yet you your yr yrs
    substance substances considered regarded deemed classified
    """.split()  # noqa: SIM905
)
# Words that a question may hold beside what it asks about without asking for anything more.
PASSING = frozenset(
    """
    percentage percentages percent proportion fraction share ratio
    replaced replace instead swapped place substituted substitute phone email mrn dob resist resistance resistant sensitive sensitivity susceptible susceptibility beneath dip dipped dips hand through thru ward
    abatement administration administered avoid avoidance avoids bad badly bug eat eating eats growth isolate isolated lay lays
    mild modality mouth negative output positive real size sum summed volume wk mo tdy big
    house household tip ending incl inclusive conc concentration allow allows allowed jump jumps jumped leap leapt hit hits climb climbs climbed system systems gap
    accept accepted actual advanced afterward afterwards age aged ages agent agents among amongst annual annually anymore
    apparent appear appeared appears aren arise arisen arose arrived assess assessed assessment aware become becomes
    becoming began begin begun board body broke broken calculate calculated card catch caught clear cleared clearly code
    collect collected compute computed concern concerned concerning consider considered contain contained contains couldn
    daily develop developed developing develops didn discover discovered dispense dispensed display displayed doesn don
    easily eaten emerge emerged especially essentially establish established estimate estimated eventually evident examine
    examined experience experienced express expressed fact feature featured features final finally form formally germ
    given grew grow growing grown hadn hasn haven heal healed hold identified identify immediate immediately inclusive
    instance interested isn lady large lie lies linked location locate located match meantime mode month nature normally
    obtain obtained observation observations observe observed offered onward onwards organism outcome particular pass
    passed pen pick picked plan plus position precise precisely prefer preferred prefers produce produced profile purpose
    react reacted reacting reacts really recall recheck rechecked regular regularly remain remained remains repeat repeated
    return returned reveal revealed route score scored scores severe shouldn simply site smoke smoked sort spine state
    still strictly suppose supposed switch switched tablet tablets till tolerate tolerated truly turn turned undergo usual
    wasn weigh weighed weighing weren whilst worth wouldn
    """.split()  # noqa: SIM905
)


def as_typed(text: str, words: Iterable[str]) -> list[str]:
    """The words of a question behind their stems, for people to read: "percentage" for "percentag"."""
    typed: dict[str, str] = {}
    for token in TOKEN.finditer(text):
        for stem in stems(token.group()):
            typed.setdefault(stem, token.group())
    return [typed.get(w, w) for w in words]
