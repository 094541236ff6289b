"""Own sample texts, builders and hypothesis strategies for the codec's tests."""

from __future__ import annotations

import io
import json
import logging
import warnings
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from billing import x12

WHEN = datetime(2026, 3, 4, 14, 10)
ADDRESSING = x12.Addressing("ZZ", "WELLRUN", "ZZ", "SANDBOX", "WELLRUN", "SANDBOX")
D = Decimal

# Two claims, one balanced by lines, one by a claim adjustment; 60 + 95 - (-5) = 160.
_LINES_835 = """\
ISA*00*          *00*          *ZZ*SANDBOX        *ZZ*WELLRUN        *260304*1410*^*00501*000000017*0*T*:
GS*HP*SANDBOX*WELLRUN*20260304*1410*17*X*005010X221A1
ST*835*0001
BPR*I*160*C*ACH*CCP*01*021000021*DA*111*1999999999**01*021000021*DA*222*20260304
TRN*1*EFT0042*1999999999
REF*EV*SANDBOX
DTM*405*20260303
N1*PR*SANDBOX HEALTH*XV*87726
N3*1 PAYER PLAZA*FLOOR 2
N4*ALBANY*NY*12207
REF*2U*87726
PER*BL*HELP DESK*TE*8005550100
N1*PE*ELM STREET CLINIC*XX*1234567893
REF*TJ*123456789
LX*1
TS3*1234567893*11*20261231*2*250
CLP*WR1*1*150*60*40*12*PCN1*11*1
NM1*QC*1*DOE*JANE*Q***MI*M100
NM1*IL*1*DOE*JOHN****MI*M200
NM1*82*1*REYES*DANA****XX*1234567893
MOA***MA01*N381
REF*F8*OLD1
DTM*232*20260210
DTM*050*20260212
PER*CX**TE*8005550101
AMT*AU*100
QTY*CA*1
SVC*HC:99213:25*100*60**1**2
DTM*472*20260210
CAS*PR*1*.20**2*19.8
CAS*CO*45*20
REF*6R*L1
AMT*B6*80
LQ*HE*N381
SVC*HC:A0001*50*0**0*HC:A0002
DTM*150*20260210
CAS*CO*97*30
CAS*PR*3*20
CLP*WR2*22*100*95**MC*PCN2
CAS*OA*23*5
NM1*QC*1*ROE*RICHARD****MI*M300
PLB*1234567893*20261231*L6:PCN9*-5
SE*41*0001
GE*1*17
IEA*1*000000017"""
SEGMENTS_835 = _LINES_835.splitlines()
SAMPLE_835 = "~\n".join(SEGMENTS_835) + "~\n"


def replaced(*pairs: tuple[str, str]) -> str:
    """The sample with exact pieces exchanged; a piece that is not there is a mistake of the test."""
    text = SAMPLE_835
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def segment_number(start: str) -> int:
    """Position in the sample of the only segment that starts so."""
    (number,) = (n for n, segment in enumerate(SEGMENTS_835, 1) if segment.startswith(start))
    return number


# --- 837P -------------------------------------------------------------------------------------

HOME = x12.Address("1 ELM STREET", "TROY", "NY", "121801234", "APT 2")
BILLING = x12.BillingProvider("ELM STREET CLINIC", "1234567893", "123456789", HOME, taxonomy="207Q00000X")
SUBMITTER = x12.Submitter("ELM STREET CLINIC", "S100", "BO LEE", "5185550100", "12", "BO@ELM.EXAMPLE")
RECEIVER = x12.Receiver("CLEARING HOUSE", "R100")
PAYER = x12.Payer("SANDBOX HEALTH", "87726")
SELF = x12.Subscriber(
    "DOE", "JANE", "M100", address=HOME, birth_date=date(1980, 1, 2), sex="F", group_number="G1"
)
PARENT = x12.Subscriber("ROE", "RICHARD", "M300", group_name="ROE AND SONS")
CHILD = x12.Patient("ROE", "KIM", "19", HOME, date(2015, 5, 6), "U")


def service_line(**changes: Any) -> x12.ServiceLine:
    """A valid line, with changes."""
    values: dict[str, Any] = {
        "procedure": "99213", "charge": D("100"), "service_date": date(2026, 2, 10), "control_number": "L1",
    }  # fmt: skip
    return x12.ServiceLine(**(values | changes))


def claim(**changes: Any) -> x12.ClaimData:
    """A valid claim of one line, with changes."""
    values: dict[str, Any] = {
        "claim_id": "WR1", "subscriber": SELF, "payer": PAYER, "charge": D("100"), "diagnoses": ("J029",),
        "lines": (service_line(),),
    }  # fmt: skip
    return x12.ClaimData(**(values | changes))


def full_claim() -> x12.ClaimData:
    """A claim that uses everything the writer can say."""
    doctor = x12.Provider("REYES", "1234567893", "DANA", "Q", "JR")
    return claim(
        claim_id="WR-FULL", frequency="7", payer_control_number="PCN1", diagnoses=("J029", "Z0000"),
        charge=D("150.5"),
        lines=(
            service_line(
                modifiers=("25", "95"), pointers=(2, 1), place_of_service="12", note="LONG VISIT",
                service_end=date(2026, 2, 11), description="OWN WORDS",
            ),
            service_line(
                control_number="L2", procedure="J0001", charge=D("50.5"), units=D("2.5"), unit="MJ",
                drug=x12.Drug("12345678901", D("1.5"), "ML"),
            ),
        ),
        accident=x12.Accident(("AA", "EM"), date(2026, 1, 1), "NY"), onset_date=date(2026, 1, 2),
        admission_date=date(2026, 1, 3), discharge_date=date(2026, 1, 4), patient_paid=D("10"),
        referral_number="REFERRAL", prior_authorization="AUTH", clia_number="11D1111111",
        clearinghouse_number="CH1", note="SEE RECORD", referring=doctor, supervising=doctor,
        rendering=x12.Provider("REYES", "1234567893", "DANA", taxonomy="207Q00000X"),
        facility=x12.Facility("ELM HALL", HOME, "1234567893"),
    )  # fmt: skip


def batch(*claims: x12.ClaimData, **changes: Any) -> x12.Batch837P:
    """A valid batch of these claims, with changes."""
    values: dict[str, Any] = {
        "submitter": SUBMITTER, "receiver": RECEIVER, "billing_provider": BILLING,
        "claims": claims or (claim(),), "addressing": ADDRESSING, "reference": "BATCH1",
    }  # fmt: skip
    return x12.Batch837P(**(values | changes))


def write(value: x12.Batch837P, *, delimiters: x12.Delimiters = x12.STANDARD_DELIMITERS) -> str:
    """write_837p with fixed control numbers."""
    return x12.write_837p(
        value, interchange_control=7, group_control=8, transaction_control=9, when=WHEN, usage="T",
        delimiters=delimiters,
    )  # fmt: skip


def write_remittance(
    *transactions: x12.Transaction835, delimiters: x12.Delimiters = x12.STANDARD_DELIMITERS
) -> str:
    """write_835 with fixed control numbers."""
    return x12.write_835(
        transactions, addressing=ADDRESSING, interchange_control=7, group_control=8, when=WHEN, usage="T",
        delimiters=delimiters,
    )  # fmt: skip


def pyx12_verdict(text: str) -> tuple[bool, str]:
    """Ask the independent validator; its own warnings and log lines stay inside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyx12.params
        import pyx12.x12n_document

        logging.getLogger("pyx12").setLevel(logging.CRITICAL)
        out = io.StringIO()
        accepted = pyx12.x12n_document.x12n_document(
            param=pyx12.params.params(), src_file=io.StringIO(text), fd_997=None, fd_html=None, fd_json=out
        )
    return bool(accepted), json.dumps(json.loads(out.getvalue() or "[]"))


# --- strategies -------------------------------------------------------------------------------

# Plain alphabets: patterns make the generator many times slower.
words = st.text("AZM 0195./-", min_size=1, max_size=8).map(lambda t: " ".join(t.split()) or "A")
names = st.text("AEIMNRST ", min_size=2, max_size=9).map(lambda t: " ".join(t.split()).ljust(2, "X"))
digits = "0123456789"
maybe_words = st.just("") | words
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
money = st.decimals(D("-99999.99"), D("99999.99"), places=2)
quantities = st.decimals(D("-999.9"), D("999.9"), places=1)
delimiter_sets = st.lists(
    st.sampled_from("*:^~|!<>+&;%#$\x1c\x1d\x1e\x1f"), min_size=4, max_size=4, unique=True
).flatmap(lambda c: st.sampled_from([x12.Delimiters(*c), x12.Delimiters(c[0], c[1], c[2], "\n")]))


def tuples(items: st.SearchStrategy[Any], *, most: int = 3, least: int = 0) -> st.SearchStrategy[Any]:
    """A short tuple of these."""
    return st.lists(items, min_size=least, max_size=most).map(tuple)


references = st.builds(x12.Reference, words, words)
dated = st.builds(x12.DatedEvent, words, days | st.none())
adjustments = st.builds(
    x12.Adjustment, st.sampled_from(["CO", "PR", "OA", "PI"]), words, money, quantities | st.none()
)
contacts = st.builds(x12.Contact, words, maybe_words, tuples(st.tuples(words, words)))
amounts = st.builds(x12.Amount, words, money)
counts = st.builds(x12.Quantity, words, quantities)
unread = st.builds(x12.RawSegment, st.just("ZZX"), tuples(tuples(words, least=1), least=1))
procedures = st.builds(x12.Procedure, words, words, tuples(words, most=4), maybe_words)
people = st.builds(
    x12.Name, st.sampled_from(["QC", "IL", "74", "82", "TT"]), words, maybe_words, maybe_words, maybe_words,
    maybe_words, maybe_words, maybe_words, st.booleans(),
)  # fmt: skip
paid_lines = st.builds(
    x12.Line835, procedures, money, money, maybe_words, quantities | st.none(), procedures | st.none(),
    quantities | st.none(), tuples(dated), tuples(adjustments, most=9), tuples(references), tuples(amounts),
    tuples(counts), tuples(st.builds(x12.Remark, words, words)), tuples(unread, most=1),
)  # fmt: skip
trimmed = tuples(maybe_words, most=5).map(lambda t: (*t, "MA01")) | st.just(())


@st.composite
def transactions(draw: st.DrawFn) -> x12.Transaction835:
    """Any 835 transaction the model can hold."""
    numbers = draw(st.lists(words, max_size=2, unique=True))
    claims: list[x12.Claim835] = []
    for number in numbers or [""]:
        claims += draw(
            st.lists(
                st.builds(
                    x12.Claim835, words, words, money, money, money | st.none(), maybe_words, maybe_words,
                    maybe_words, maybe_words, maybe_words, maybe_words, quantities | st.none(),
                    quantities | st.none(), st.just(number), tuples(adjustments), tuples(people), trimmed,
                    trimmed, tuples(references), tuples(dated), tuples(contacts), tuples(amounts),
                    tuples(counts), tuples(paid_lines, most=2), tuples(unread, most=1),
                ),
                max_size=2,
            )
        )  # fmt: skip
    summary = st.builds(
        x12.RawSegment, st.sampled_from(["TS2", "TS3"]), tuples(tuples(words, least=1), least=1)
    )

    def party(entity: str) -> st.SearchStrategy[x12.Party | None]:
        return st.none() | st.builds(
            x12.Party, st.just(entity), maybe_words, maybe_words, maybe_words, tuples(words), maybe_words,
            maybe_words, maybe_words, maybe_words, tuples(references), tuples(contacts),
            tuples(unread, most=1),
        )  # fmt: skip

    bank = [maybe_words] * 10
    return x12.Transaction835(
        control_number=draw(st.text(digits, min_size=4, max_size=9)),
        payment=draw(
            st.builds(
                x12.Payment, money, words, days | st.none(), words, st.sampled_from(["C", "D"]), maybe_words,
                *bank,
            )
        ),
        trace=draw(st.builds(x12.Trace, words, maybe_words, maybe_words)),
        payer=draw(party("PR")),
        payee=draw(party("PE")),
        references=draw(tuples(references)),
        dates=draw(tuples(dated)),
        groups=tuple(x12.HeaderGroup(number, draw(tuples(summary, most=2))) for number in numbers),
        claims=tuple(claims),
        provider_adjustments=draw(
            tuples(
                st.builds(x12.ProviderAdjustment, words, days | st.none(), words, maybe_words, money), most=8
            )
        ),
        other=draw(tuples(st.just(x12.RawSegment("CUR", (("PR",), ("USD",)))), most=1)),
    )  # fmt: skip


npis = st.integers(100_000_000, 299_999_999).map(lambda n: f"{n}{x12.npi_check_digit(str(n))}")
addresses = st.builds(
    x12.Address, words, names, st.sampled_from(["NY", "TX", "CA"]),
    st.text(digits, min_size=9, max_size=9), maybe_words,
)  # fmt: skip
past = st.dates(date(1930, 1, 1), date(2026, 1, 1))
providers = st.builds(x12.Provider, names, npis, names, st.just("") | names)
diagnoses = tuples(st.text(digits, min_size=2, max_size=5).map(lambda t: "J" + t), most=12, least=1)
subscribers = st.builds(
    x12.Subscriber, names, names, words.map(lambda t: "M" + t), st.sampled_from("PST"),
    st.sampled_from(["CI", "MB", "12"]),
    st.text("ABC123", min_size=3, max_size=8), address=addresses, birth_date=past,
    sex=st.sampled_from("FMU"),
)  # fmt: skip
patients = st.builds(
    x12.Patient, names, names, st.sampled_from(["01", "19", "21"]), addresses, past, st.sampled_from("FMU")
)
payers = st.builds(x12.Payer, names, st.text(digits, min_size=5, max_size=5), address=st.none() | addresses)


@st.composite
def claims(draw: st.DrawFn, *, claim_id: str = "WR1") -> x12.ClaimData:
    """Any claim the writer accepts."""
    codes = draw(diagnoses)
    lines = tuple(
        service_line(
            control_number=f"L{number}",
            charge=draw(st.decimals(D(0), D(9999), places=2)),
            procedure=draw(st.sampled_from("9AV")) + draw(st.text(digits, min_size=4, max_size=4)),
            modifiers=draw(tuples(st.sampled_from(["25", "59", "GT"]), most=4)),
            units=draw(st.decimals(D("0.5"), D(99), places=1)),
            pointers=draw(tuples(st.integers(1, len(codes)), most=4, least=1)),
            service_date=draw(past),
        )
        for number in range(1, draw(st.integers(1, 4)) + 1)
    )
    patient = draw(st.none() | patients)
    subscriber = draw(subscribers)
    if patient is not None:
        subscriber = x12.Subscriber(
            subscriber.last_name, subscriber.first_name, subscriber.member_id, subscriber.sequence
        )
    frequency = draw(st.sampled_from("178"))
    return claim(
        claim_id=claim_id, subscriber=subscriber, payer=draw(payers), patient=patient, diagnoses=codes,
        lines=lines, charge=sum((line.charge for line in lines), D(0)), frequency=frequency,
        payer_control_number="" if frequency == "1" else draw(words),
        prior_authorization=draw(maybe_words), referring=draw(st.none() | providers),
        rendering=draw(st.none() | providers), note=draw(maybe_words), onset_date=draw(st.none() | past),
        facility=draw(st.none() | st.builds(x12.Facility, names, addresses, npis)),
    )  # fmt: skip


@st.composite
def batches(draw: st.DrawFn) -> x12.Batch837P:
    """Any batch of one to three claims."""
    number = draw(st.integers(1, 3))
    return batch(*(draw(claims(claim_id=f"WR{n}")) for n in range(number)))
