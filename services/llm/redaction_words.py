"""Words that are names too, eponyms, titles: what tells a name from medicine and plain English.

The lists are the project's own; they only decide where a part of a name that the record holds is *left* in lower
case, at the start of a sentence, or inside a medical term, and which capitalised words an introduction such as
"her son" does not make a name. A word that is missing here is replaced wherever it stands.
"""

from __future__ import annotations

import functools
import re

from services.knowledge.lexicon import lexicon
from services.llm.redaction_folding import folded


def word_set(words: str) -> frozenset[str]:
    """Words that blanks separate."""
    return frozenset(words.split())


ORDINARY = word_set(
    """
    abbey able ace acre ale alley amber angel apple april arch archer arrow art ash aspen august autumn back bacon bad
    bailey baker bald ball band bank banks bar barber bark barley barn baron base basil bass batt battle bay beach bean
    bear beard beck bee bell belle bench berry best bird bishop black blade blaze blessing bliss bloom blossom blow blue
    blunt board body bolt bond bone book booth boss bow bowl box boy brand brave bread breeze brew brick bridge briar
    bright brook brooks broom brown buck bud bull bunch burn burns bush butcher butler butter cain call camp candy cane
    cannon card carol carter carver case cash castle chance chandler charity chase cherry chief christian christmas
    church clay clear clement clerk cliff close cloud clover coffee cold cole coleman comfort constant cook cooper coral
    corn cotton couch court coy crane crisp cross crow crown crystal cutter daisy dale dark dawn day dean dear death
    dell desire destiny diamond dick dime doe dollar dolly dove downs drake draper drew drink duke eagle early earl
    east easter easy echo eden ember england english even ever faith falcon fall falls farmer faith fern ferry field
    fields finch fine fish fisher flint flood flora flower flowers foot ford forest forester fortune foster fountain
    fox frank free freeman french friend frost fuller gale game gamble garden gardener garland garnet gay gem german
    ginger glass glen glover go god goes gold golden good goodman goose grace grant grave graves gray green greene grey
    grove guest gunner guy hail hale hall ham hammer hand hands hands happy hard hardy harm harmony harp hart harvest
    haven hawk hay hays haze hazel head heart heath heather heaven hedge herb hero high hill hills ho hog holiday holly
    holmes home honey honor hood hook hooks hope hopes horn horne horse house huff hull hunt hunter hurt hut husband ice
    in india iris iron ivory ivy jack jade jasmine jasper jay jerk jet jewel joiner jolly joy judge july june just justice
    keen key keys kid kind king knight knot lacy lake lamb lance land lane lark last laurel law laws lay leaf leg lemon
    less levy liberty light like lily linden link little liver lock locke logan long loss lot love low lucky lung lynch
    lyric main major manor maple march marine mark marks marsh marshal marshall marvel mason masters mate may mead
    mean mercy merit merry miles mill miller mills mint miracle miss mist mole money moon moore moody moor more morn
    moss mount mouse mouth musk nail nash neal neat necessary needle nest new nice night no noble noon north null
    oak oaks oath ocean odd ogle olive only opal orange oral page pain paine painter palm palmer park parker parks
    parrot parson parsons past pat patience pea peace peach peak pear pearl peck penny pepper petty pike pilgrim pine
    piper pitt place plank plant plumb plumber point pole poll pond poole poor pop pope poppy porter post pot potter
    potts pound powder power powers pray precious price pride priest prince princess prior promise proper prosper
    proud pruitt pure purple push queen quick quiet quill rain rains ram ranger rash raven ray read reading reason red
    reed reeves regent rest rex rice rich riches ridge right ring rise river rivers roach road rob robin rock rocks rod
    roe roman rook root roots rose rosemary rough round rowe royal ruby rude ruff rule rush russet rusty rye sad saddler
    saffron sage salmon salt sand sands savage sawyer say scarlet schilling school scribe sea seal sealy season self
    senior serene sergeant sexton shade shadow shaft sharp shaw shea shell shepherd shepard sherry shine ship shoe shoemaker
    short shy sick silver simple sky skye slack slate sleet slow small smart smith smoke smoker snow so soft sole son song
    sparks sparrow speed spring squire stable star stark starr steel steed stein stern steward still stock stone storey
    storm story stout strange stream street strong style sue suit sugar summer summers sun sunny swallow swan sweet sweets
    swift tail tall tanner tate taylor teal temple ten terry thorn thorne thrush thyme tide tiger till timber time tiny
    toe tower town towns tree trinity true trust tuck tucker turner twin two tyler under unity usher vale valentine van
    vane velvet victor victory viola violet virtue vine walk walker wall walls ward ware warden warm warner waste water
    waters watt watts weaver webb webber week weeks weed welch welcome well wells west wheat wheel wheeler whistler white
    wide wild wilde will willow win wind winds wine wing winner winter winters wisdom wise wolf wood woods woodard wool
    word words work worker world worth wray wren wright yard yarn year york young zest
    january february september october november december monday tuesday wednesday thursday friday saturday sunday
    jan feb mar apr jun jul aug sep oct nov dec china jordan israel chad cuba london paris berlin mobile bath nice
    abdomen alcohol allergy ankle appendix arm back brain chest colon diet dose drug ear elbow eye face fever finger
    gene genes hip jaw joint kidney knee liver lobe neck nerve nose pulse rib serum shoulder skin skull spine spleen
    stomach stool throat thumb thyroid tongue tooth urine vein waist wound wrist
    a about after all also an and any are as at be been before but by can could did do does done each few first for
    from had has have he her here hers him his how if into is it its made make many me might much must my nor not now
    of off on once one or other our out over own per put said same see seen she should since some such than that the
    their them then there these they this those through to too up us very was we were what when where which while who
    whom whose why with would yes yet you your
    """
)

# Surnames that medicine uses. Unlike ordinary words, they are names in small letters too.
EPONYMS = word_set(
    """
    abrams achilles addison adson albright allen alzheimer apgar apley argyll aschoff asherman asperger auer auerbach
    austin babinski baker bankart barlow barre barrett bartholin bartlett bartter barton basedow bassen beau beck
    becker beckwith behcet bell bence bennett berger biot bishop blalock blount boas boerhaave bouchard bowen braden
    brandt branham brodie broca brown brudzinski brugada budd buerger burkitt caroli celsius chadwick charcot chediak
    cheyne chiari child christmas churg chvostek colles conn coombs cooley crigler crohn cullen cushing daroff
    delorme dieulafoy dix doppler down dressler dubin duchenne dupuytren durozier ebstein ehlers eisenmenger epley
    epstein erb ewing fabry fahrenheit fallot fanconi felty finkelstein fitzpatrick foley fontaine forrester fowler
    frank fuchs gardner gaucher ghon gilbert gitelman glasgow gleason golgi goodpasture gottron gower gowers gram
    graves grey guillain guyon hallpike hamilton hansen harris hartmann hartnup hashimoto hawkins heberden heimlich
    henoch henle hirschsprung hodgkin hoffmann holter homans horner howell huntington hurler hutchinson jacksonian
    jaeger janeway jarisch jobe johnson jolly jones kaposi karnofsky kartagener kawasaki kayser keith kennedy kernig
    killip kimmelstiel klinefelter korsakoff krukenberg kussmaul kveim lachman lambert landau langerhans langhans
    laurence lauge lasegue leopold levine lewy lhermitte libman liddle lisfranc lister lou ludwig lyme macburney
    mallory mantoux marcus marfan marjolin marsh mcburney mcmurray meckel meige mendelson meniere menke menkes miller
    mirizzi mohs monro morse morton muller murphy neer nissen noonan ogilvie osgood osler osgood paget pancoast
    papanicolaou parkinson patau patrick pearson perthes peyronie peutz phalen plummer pompe pott potter prader pugh
    quincke ramsay ranson raynaud reed refsum reinke reiter rett reye riedel rinne rockall romberg rorschach roth
    rovsing roux sachs salter sengstaken sezary sheehan sjogren snellen spurling stevens still stokes strickler
    sturge sydenham takayasu tanner tay thomas thompson tinel tourette trendelenburg trousseau turcot turner valsalva
    vater virchow waldenstrom wallenberg warthin weber wegener weil wells wenckebach wernicke whipple wickham willebrand
    wilms wilson winkler wolff wood wright yergason zenker zollinger
    """
)
# What an eponym is said of. A person is not followed by these without a possessive.
EPONYM_NOUNS = word_set(
    """
    agar angle ataxia bodies body catheter cell cells class classification contracture criteria criterion cyst disease
    disorder drain duct encephalopathy equation exercise exercises exponent fever formula fracture gangrene gland glands
    grade grading granuloma index law lesion line lymphoma maneuver manoeuvre method murmur nodule nodules node
    nodes operation palsy phenomenon position procedure protocol ratio reaction reflex repair ring rule scale score
    scoring sign spot spots stage staging stain stricture syndrome tendon test tetralogy thyroiditis triad triangle
    tube tumor tumour type ulcer virus
    """
)
TITLES = word_set(
    "dr doctor mr mrs ms mx miss prof professor sir dame madam fr frau herr sra srta senor senora mme mlle rev nurse pharmacist midwife"
)
CREDENTIALS = word_set(
    """
    md do mbbs mbchb mbbch phd rn lpn np pa fnp dnp aprn crna cnm cns pharmd rph dds dmd dpm dc od pt dpt ot lcsw msw
    facp facs faap frcp frcs mph mph ma ba bs bsn msn mba esq jr sr ii iii iv pac rnc fnpc fnpbc agnp lmft lpc
    """
)
PARTICLES = word_set(
    "de da do dos das del della di du des la le los las van von der den ter ten zu zum zur al el bin ibn abu st y e"
)
RELATIONS = word_set(
    """
    aunt boyfriend brother caregiver carer child cousin dad daughter father fiance fiancee friend girlfriend
    grandchild granddaughter grandfather grandma grandmother grandpa grandson guardian half husband mom mother mum
    neighbor neighbour nephew niece parent partner relative sibling sister son spouse stepbrother stepdaughter
    stepfather stepmother stepsister stepson twin uncle wife
    """
)
MONTHS_AS_WORDS = word_set(
    "january february march april may june july august september october november december"
)
# What tells an organisation from a person.
ORGANISATION = re.compile(
    r"\b(?:clinic|hospital|laborator|lab|labs|department|inc|llc|ltd|gmbh|cent(?:er|re)|pharmacy|group|practice|health|"
    r"medical|medicine|diagnostics|services?|insurance|plan|university|system|unit|ward|associates|care|"
    r"organi[sz]ation|company|team)\b"
)
# Words of headings and of what follows a role or a relation, and are no names.
_NOT_NAMES = word_set(
    """
    aged assistant associate care clinic clinical coordinator date department deceased denies diagnosed died education
    episode examination exam follow history hospital instructions it lab laboratory management manager medical medication
    medications mental none normal note notes notified number office order orders other patient phone plan practitioner
    present provider reports review services signature signed specialist staff status summary supervisor team type
    unit unknown updated visit visits aware alive healthy informed living reported states stated says called calls
    name positive negative disease cancer age problem list results result section id reviewed admitted discharged
    physician doctor nurse pharmacist therapist surgeon
    """
)


@functools.cache
def lexicon_words() -> frozenset[str]:
    """Each word of each term of the clinical lexicon."""
    return frozenset(word for term in lexicon().terms() for word in folded(term).split() if len(word) > 1)


def is_weak(word: str) -> bool:
    """A folded word that does not by itself tell that a person is meant."""
    return len(word) < 3 or word in ORDINARY or word in EPONYMS or word in lexicon_words()


def may_be_name(word: str) -> bool:
    """Whether a folded word that is capitalised behind "her son" or "nurse" can be the name."""
    return word in _GIVEN if word in ORDINARY else may_follow_name(word)


def may_follow_name(word: str) -> bool:
    """Whether a capitalised word behind a given name can be the family name."""
    return word not in _NOT_NAMES and word not in RELATIONS


# Ordinary words that are given names often enough to be believed behind a relation.
_GIVEN = word_set(
    """
    amber april art ash august autumn basil bill carol chance charity chase cherry christian clay cliff daisy dale dawn
    dean drew earl faith fern frank glen grace grant guy harmony hazel heather holly hope hunter iris ivy jack jade
    jasmine jasper jay joy june justice lance laurel lily mark marshall mason may mercy miles olive opal pat patience
    pearl penny ray red reed rex rich rob robin rod rose rosemary ruby sage scarlet sky skye star stone sue summer
    terry tucker turner tyler victor viola violet will willow winter jordan chad
    """
)
