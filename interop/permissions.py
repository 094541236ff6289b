"""Who may bring foreign data in."""

from practice.permissions import Permission


class InteropPermission(Permission):
    """What the import centre allows."""

    VIEW_IMPORTS = "interop.view_imports", "see imports and what they refused", ""
    RUN_IMPORTS = "interop.run_imports", "import data and download refused rows", ""
