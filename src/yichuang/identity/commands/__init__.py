"""Every write of identity. One verb, one function, one transaction, at least one event."""

from yichuang.identity.commands.accounts import (
    change_password,
    record_failed_sign_in,
    record_sign_in,
    record_sign_out,
    record_two_factor,
    remove_two_factor,
    reset_password,
    set_preferences,
    unlock_account,
)
from yichuang.identity.commands.agencies import appoint_agent, attach_letter, end_agency
from yichuang.identity.commands.applicants import (
    ask_verification,
    erase_applicant,
    find_or_create_applicant,
    register_from_provider,
    register_person,
    update_profile,
)
from yichuang.identity.commands.clients import create_client, revoke_client
from yichuang.identity.commands.notices import notify, notify_each, read_notices
from yichuang.identity.commands.organisations import register_organisation
from yichuang.identity.commands.organs import set_department, set_division
from yichuang.identity.commands.posts import close_post, return_to_post, set_post, step_away
from yichuang.identity.commands.staff import (
    appoint_administrator,
    deactivate_staff,
    end_role,
    grant_role,
    hire_staff,
    move_staff,
    reactivate_staff,
)
from yichuang.identity.commands.verification import settle_verification

__all__ = [
    "appoint_administrator",
    "appoint_agent",
    "ask_verification",
    "attach_letter",
    "change_password",
    "close_post",
    "create_client",
    "deactivate_staff",
    "end_agency",
    "end_role",
    "erase_applicant",
    "find_or_create_applicant",
    "grant_role",
    "hire_staff",
    "move_staff",
    "notify",
    "notify_each",
    "reactivate_staff",
    "read_notices",
    "record_failed_sign_in",
    "record_sign_in",
    "record_sign_out",
    "record_two_factor",
    "register_from_provider",
    "register_organisation",
    "register_person",
    "remove_two_factor",
    "reset_password",
    "return_to_post",
    "revoke_client",
    "set_department",
    "set_division",
    "set_post",
    "set_preferences",
    "settle_verification",
    "step_away",
    "unlock_account",
    "update_profile",
]
