"""The practice's table of adjustments, as the pure rules want it."""

from __future__ import annotations

from billing.models import AdjustmentRule
from billing.rules.adjustments import Rule, RuleTable


def rule_table() -> RuleTable:
    """Every adjustment rule of the practice in one query; dates and payers are judged by the table itself."""
    return RuleTable(
        Rule(
            payer=str(row.payer_id or ""),
            group=row.group_code,
            reason=row.reason_code,
            remark=row.remark_code,
            treatment=row.treatment,
            category=row.category,
            meaning=row.meaning,
            next_action=row.next_action,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
        )
        for row in AdjustmentRule.objects.all()
    )
