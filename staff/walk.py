"""Staff's part of the walk: the licence that will end is seen before it does."""

from __future__ import annotations

from practice.walk import Step, Walker, WalkFailed

LICENCE = "State licence of Thomas Okafor expires"


def see_the_licence_that_ends(walker: Walker) -> str:
    """The list of what expires, the same licence in My work, and the page both lead to."""
    walker.sign_in("manager")
    listed = walker.get("staff/credentials/?view=expiring").expect("days left")
    licence = walker.get(listed.link(href=r"/staff/credentials/[0-9a-f-]{36}/$", words="Thomas Okafor"))
    licence.expect("State licence", "Thomas Okafor")
    waiting = walker.get("work/").link(href=r"/staff/credentials/", words=LICENCE)
    if walker.get(waiting).url != licence.url:
        raise WalkFailed("My work does not lead to the licence that expires")
    return "the licence of Thomas Okafor: in the list of what expires, and in My work"


def renew_the_licence(walker: Walker) -> str:
    """The next licence takes its place, and My work lets it go."""
    licence = walker.get(walker.get("work/").link(href=r"/staff/credentials/", words=LICENCE))
    asked = walker.get(licence.link(href=r"/do/renew/$"))
    year = int(asked.form(words="Renew").fields["expires_on"][0][-4:] or 0) or 2030
    walker.submit(asked, asked.form(words="Renew"), number="NY765431", expires_on=f"12/31/{year}")
    if LICENCE in walker.get("work/").text:
        raise WalkFailed("the renewed licence is still in My work")
    walker.get("staff/credentials/?q=&view=all").expect("NY765431")
    return f"renewed to 12/31/{year}; My work lets it go"


STEPS: tuple[Step, ...] = (
    ("See which licence expires", see_the_licence_that_ends),
    ("Renew the licence", renew_the_licence),
)
