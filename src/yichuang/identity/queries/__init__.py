"""Every read of identity that a screen or a package above needs, visibility included."""

from yichuang.identity.queries.actors import acting_for, actor_of_account, actor_of_client, applicants_for, self_of
from yichuang.identity.queries.oversight import looks_at, personal_looks, sign_ins
from yichuang.identity.queries.people import (
    agencies_of,
    applicant_for,
    department_choices,
    departments,
    divisions,
    export_applicant,
    find_by_identifier,
    inbox,
    pending_verifications,
    shown_applicant,
    unread,
)
from yichuang.identity.queries.staff import (
    clients,
    grants_of,
    posts,
    staff_choices,
    staff_history,
    staff_list,
    staff_member,
    staff_of,
    staff_with_role,
)

__all__ = [
    "acting_for",
    "actor_of_account",
    "actor_of_client",
    "agencies_of",
    "applicant_for",
    "applicants_for",
    "clients",
    "department_choices",
    "departments",
    "divisions",
    "export_applicant",
    "find_by_identifier",
    "grants_of",
    "inbox",
    "looks_at",
    "pending_verifications",
    "personal_looks",
    "posts",
    "self_of",
    "shown_applicant",
    "sign_ins",
    "staff_choices",
    "staff_history",
    "staff_list",
    "staff_member",
    "staff_of",
    "staff_with_role",
    "unread",
]
