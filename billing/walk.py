"""Billing's part of the walk: charges, a claim that rules hold, the file, the payer's answer, posting, denials."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from practice.walk import Page, Step, Walker, WalkFailed

CLAIM = r"/billing/claims/[0-9a-f-]{36}/$"
DENIAL = r"/billing/denials/[0-9a-f-]{36}/$"
TRACE = "SBX"  # what the training payer's payments are called, followed by the number of our file


def _key(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[-1]


def enter_charges(walker: Walker) -> str:
    """Charges without a diagnosis make a claim that is held and waits for action; taken back, it is gone."""
    walker.sign_in("biller")
    address = f"billing/visits/{_key(walker.kept['visit'])}/charges/"
    page = walker.get(address)
    form = page.form(field="form-0-code")
    unknown: dict[str, Any] = {"form-0-code": "00000"}
    walker.submit(page, form, status=422, **unknown)
    bare: dict[str, Any] = {"form-0-code": "99213", "form-1-code": "87880"}
    held = walker.submit(page, form, **bare).expect("$182.00")
    claim = walker.get(held.link(href=CLAIM)).expect(
        "Held", "What the rules found", "one to twelve diagnoses"
    )
    number = _number(claim)
    walker.get("billing/claims/?view=action").link(href=CLAIM, words=number)
    page = walker.get(address)
    while "/void/" in page.text:
        page = walker.submit(page, page.form(action="/void/"))
    if "$182.00" in page.text or number in walker.get("billing/claims/?view=action").text:
        raise WalkFailed("charges taken back still stand on a claim")
    good: dict[str, Any] = {
        "form-0-code": "99213",
        "form-0-diagnoses": "J02.9",
        "form-1-code": "87880",
        "form-1-diagnoses": "J029",
    }
    page = walker.submit(page, page.form(field="form-0-code"), **good).expect("$182.00")
    claim = walker.get(page.link(href=CLAIM)).expect("Ready", "$182.00")
    walker.kept |= {"claim": _number(claim), "claim_url": claim.url}
    return f"claim {number} held without a diagnosis, taken back; claim {_number(claim)} is ready, $182.00"


def _number(claim: Page) -> str:
    found = re.search(r"<title>Claim (\w+)", claim.text)
    if found is None:
        raise WalkFailed(f"{claim.url} names no claim")
    return found[1]


def submit_claims(walker: Walker) -> str:
    """Every ready claim goes into a file of its payer; sending one of them again is refused."""
    page = walker.get("billing/claims/submit/").expect(walker.kept["claim"])
    chosen = re.findall(r'name="claim" value="([^"]+)"', page.text)
    sent = walker.submit(page, page.form(words="Send the ticked claims"), claim=chosen)
    files = sorted(set(re.findall(r"837P-\d{9}\.txt", sent.text)))
    if not files or f"{len(chosen)} claims sent" not in sent.text:
        raise WalkFailed(f"{len(chosen)} claims were chosen, the page does not say that they were sent")
    claim = walker.get(walker.kept["claim_url"]).expect("Submitted")
    own = re.search(r"837P-\d{9}\.txt", claim.text)
    if own is None or own[0] not in files:
        raise WalkFailed("the claim does not name its file")
    walker.kept |= {"files": files, "file": own[0]}
    walker.api(f"claims/{_key(claim.url)}/submit/", body={}, status=422, key=True, If_Match="*").expect(
        "not ready"
    )
    return f"{len(chosen)} claims sent in {len(files)} files; a claim cannot be sent twice"


def find_the_file(walker: Walker) -> str:
    """The 837P lies in the outgoing folder, with the claim, its total and both diagnoses' code once."""
    folder = Path(settings.OUTGOING) / walker.slug
    name: str = walker.kept["file"]

    def lies() -> str:
        for path in (folder / name, (folder / name).with_suffix(".done")):
            if path.is_file():
                return path.read_text(encoding="ascii")
        return ""

    text: str = walker.wait(f"{name} in {folder}", lies)
    wanted = (f"CLM*{walker.kept['claim']}*182*", "HI*ABK:J029~", "SV1*HC:99213*148*", "*NWH884120775")
    missing = [each for each in wanted if each not in text.replace("\n", "")]
    if not text.startswith("ISA*") or missing:
        raise WalkFailed(f"{name} lacks {', '.join(missing) or 'its envelope'}")
    return f"{name}: {text.count('CLM*')} claims, {len(text)} characters"


def take_in_the_answer(walker: Walker) -> str:
    """The training payer answers through the incoming folder; the payment is staged and balances."""
    walker.kept["traces"] = [TRACE + re.sub(r"\D", "", name[4:]) for name in walker.kept["files"]]
    own = TRACE + re.sub(r"\D", "", walker.kept["file"][4:])

    def arrived() -> Page | None:
        page = walker.get("billing/remittances/?view=all")
        return page if all(trace in page.text for trace in walker.kept["traces"]) else None

    page = walker.get("billing/remittances/?view=all")
    walker.wait_for_job(walker.submit(page, page.form(words="Look for new files")))
    inbox: Page = walker.wait("the payers' answers", arrived)
    walker.kept["remittances"] = [
        inbox.link(href=r"/remittances/[0-9a-f-]{36}/$", words=each) for each in walker.kept["traces"]
    ]
    payment = walker.get(inbox.link(href=r"/remittances/[0-9a-f-]{36}/$", words=own))
    payment.expect(walker.kept["claim"], "Balanced", "difference $0.00", "If you post now")
    walker.kept |= {"remittance": payment.url, "trace": own}
    return f"{len(walker.kept['traces'])} payments staged; {own} balances and holds the claim"


def refuse_bad_files(walker: Walker) -> str:
    """The same file again is known; one whose payment does not add up is refused with its place."""
    payment = walker.get(walker.kept["remittance"])
    file = walker.get(payment.link(href=r"/download/$"))
    page = walker.get("billing/remittances/files/new/")
    form = page.form(field="idempotency_key", words="Upload")
    known = walker.submit(page, form, status=409, files={"file": ("again.txt", file.content)})
    text = file.text.replace("\n", "")
    paid = re.search(r"BPR\*[A-Z]\*([0-9.]+)\*", text)
    if paid is None:
        raise WalkFailed("the downloaded file names no payment")
    wrong = text.replace(paid[0], paid[0].replace(paid[1], str(Decimal(paid[1]) + 1)), 1)
    wrong = wrong.replace(walker.kept["trace"], f"{walker.kept['trace']}X")
    page = walker.get("billing/remittances/files/new/")
    form = page.form(field="idempotency_key", words="Upload")
    refused = walker.submit(page, form, files={"file": ("wrong.txt", wrong.encode("ascii"))})
    said = " ".join(re.sub(r"<[^>]+>", " ", refused.text).split())
    place = re.search(r"transaction \d+, segment \d+: .*?\)\.", said)
    if place is None or "Not balanced" not in said:
        raise WalkFailed(f"a payment that does not add up is not refused: {refused.url}")
    known.expect("received")
    return f"the same file is known; one that is a dollar off: “{place[0]}”"


def post_the_answer(walker: Walker) -> str:
    """What posting will write is shown, written once, and stands on the claim and the patient's account."""
    page = walker.get(f"{walker.kept['remittance']}post/").expect("What will be written")
    done = walker.submit(page, page.form(words="Post")).expect("Posted", "Where the money is")
    page_again = walker.submit(page, page.form(words="Post")).expect("Already posted")
    if done.url != page_again.url:
        raise WalkFailed("posting again leads elsewhere")
    claim = walker.get(walker.kept["claim_url"])
    state = re.search(r"Paid|Partly paid|Denied", re.sub(r"(?s).*<h1", "<h1", claim.text))
    account = walker.get(f"billing/accounts/{walker.kept['patient_id']}/").expect("$182.00")
    entries = _entries(walker)
    if state is None or len(entries) < 3:
        raise WalkFailed(f"the claim is not answered, or the ledger has {len(entries)} entries")
    owed = sum((Decimal(entry["amount"]) for entry in entries), Decimal(0))
    if f"${owed:,.2f}" not in account.text:
        raise WalkFailed(f"the entries add up to ${owed:,.2f}, which is not the balance of the account")
    return (
        f"{state[0].lower()}; {len(entries)} entries, balance ${owed:,.2f}; a second post says already posted"
    )


def _entries(walker: Walker) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = walker.api(
        f"ledger-entries/?patient={walker.kept['patient_id']}&page_size=100"
    ).json()["results"]
    return rows


def work_a_denial(walker: Walker) -> str:
    """Posting the other answers opens a case for each true denial; it is in My work and can be appealed."""
    before = set(re.findall(r"billing/denials/([0-9a-f-]{36})/", walker.get("work/").text))
    opened = _cases_of(walker.get(f"{walker.kept['remittance']}"))
    for address in walker.kept["remittances"]:
        page = walker.get(address)
        if "If you post now" in page.text:
            asked = walker.get(page.link(href=r"/post/$"))
            denied = re.search(r"Denied: (\d+) case", asked.text)
            opened += int(denied[1]) if denied else 0
            walker.submit(asked, asked.form(words="Post")).expect("Posted")
    work = walker.get("work/")
    new = set(re.findall(r"billing/denials/([0-9a-f-]{36})/", work.text))
    if not new or (opened and not new - before and not _cases_of(page)):
        raise WalkFailed(f"{opened} denied lines opened no case in My work")
    case = walker.get(work.link(href=DENIAL)).expect("Appeal by")
    started = walker.submit(*_step(walker, case=case, name="start")).expect("Working")
    appealed = walker.submit(*_step(walker, case=started, name="appeal"), note="Records sent by fax").expect(
        "Appealed"
    )
    appealed.expect("Records sent by fax")
    return f"{opened} cases opened by this walk, {len(new)} in My work; one started and appealed"


def take_a_payment(walker: Walker) -> str:
    """A card number is refused at its field; the payment gives a receipt and stands on the account."""
    account = f"billing/accounts/{walker.kept['patient_id']}/"
    page = walker.get(walker.get(account).link(href=r"/payments/new/"))
    form = page.form(field="reference")
    given: dict[str, Any] = {"amount": "25.00", "method": "card"}
    walker.submit(page, form, status=422, reference="4111 1111 1111 1111", **given).expect("card number")
    receipt = walker.submit(page, form, reference="007719", **given).expect("$25.00", "ending 7719")
    number = re.search(r"R-\d{4}-\d{5}", receipt.text)
    if number is None or number[0] not in walker.get(account).text:
        raise WalkFailed("the receipt has no number, or the account does not name it")
    return f"$25.00 taken, receipt {number[0]}; a card number is refused"


def _cases_of(page: Page) -> int:
    return len(re.findall(r">(?:Partly d|D)enied<", page.text))


def _step(walker: Walker, *, case: Page, name: str) -> tuple[Page, Any]:
    """The page and form of a step: a button of the case, or a page of its own that asks."""
    for form in case.forms():
        if f"/do/{name}/" in form.action:
            return case, form
    page = walker.get(case.link(href=rf"/do/{name}/$"))
    return page, page.form(field="idempotency_key")


STEPS: tuple[Step, ...] = (
    ("Enter charges", enter_charges),
    ("Submit claims", submit_claims),
    ("Find the 837P", find_the_file),
    ("Take in the answer", take_in_the_answer),
    ("Refuse files that are wrong", refuse_bad_files),
    ("Post the remittance", post_the_answer),
    ("Work a denial", work_a_denial),
    ("Take a payment", take_a_payment),
)
