"""What can be allowed in the books: accounts and journals, periods, budgets."""

from __future__ import annotations

from practice.permissions import Permission


class FinancePermission(Permission):
    """What the books allow."""

    VIEW_BOOKS = "finance.view_books", "see accounts, journals and their lines", ""
    POST_JOURNAL = "finance.post_journal", "post and reverse journals, upload the accountant's", ""
    CLOSE_PERIOD = "finance.close_period", "close a month of the books", ""
    VIEW_BUDGET = "finance.view_budget", "see budgets", "physician"
    CHANGE_BUDGET = "finance.change_budget", "upload budgets", ""
    APPROVE_BUDGET = "finance.approve_budget", "approve a budget, which locks it", ""
