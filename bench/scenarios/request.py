"""What the floor of the house costs: session, tenant, row security, permission, read log around one query."""

from __future__ import annotations

from bench.measure import Report, compare, race
from bench.servers import Caller
from bench.world import World


def measure(world: World, *, report: Report, product: int, floor: int) -> None:
    """The bare view and the same view behind everything, by cookie and by API token."""
    bare = Caller(floor)
    signed_in = Caller(product, headers={"Cookie": f"wellrun_session={world.session}"})
    by_token = Caller(product, headers={"Authorization": f"Bearer {world.token}"})
    mine = f"/p/{world.practice.slug}/bench/probe/"
    times = race(
        {
            "bare": lambda: bare.get(f"/probe/?practice={world.practice.id}"),
            "session": lambda: signed_in.get(mine),
            "token": lambda: by_token.get(mine),
        },
        n=world.size.n,
    )
    for name in ("session", "token"):
        report.lines.append(
            compare(
                f"one request behind the whole floor, by {name}",
                floor=times["bare"],
                ours=times[name],
                limit=12,
                note=f"(+{times[name].percentile(0.5) - times['bare'].percentile(0.5):.1f} ms)",
            )
        )
