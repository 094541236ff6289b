"""The practice's table of adjustments, as the pure rules want it."""

from __future__ import annotations

from billing.models import AdjustmentRule
from billing.rules.adjustments import Rule, RuleTable


def rule_table() -> RuleTable:
    """Every adjustment rule of the practice in one query; dates and payers are judged by the table itself."""
    columns = ("payer_id", "group_code", "reason_code", "remark_code", "treatment", "category", "meaning")
    rows = AdjustmentRule.objects.values_list(*columns, "next_action", "effective_from", "effective_to")
    return RuleTable(
        Rule(
            payer=str(payer or ""),
            group=group,
            reason=reason,
            remark=remark,
            treatment=treatment,
            category=category,
            meaning=meaning,
            next_action=action,
            effective_from=since,
            effective_to=until,
        )
        for payer, group, reason, remark, treatment, category, meaning, action, since, until in rows
    )
