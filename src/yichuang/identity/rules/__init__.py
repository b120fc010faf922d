"""Rules of identity: duties kept apart, identifiers, passwords, agency, programs' scopes. Plain Python."""

from yichuang.identity.rules.agency import agency_valid, check_agency
from yichuang.identity.rules.duties import (
    APART,
    FAMILY,
    FAMILY_NAMES,
    ROLE_NAMES,
    WHOLE_DIVISION,
    conflict,
    may_grant,
    may_stand_in,
    stands_in,
)
from yichuang.identity.rules.identifiers import (
    ID_KINDS,
    PERSON_ID_KINDS,
    Identifier,
    check_identifier,
    clean_identifier,
    clean_phone,
    identifier_fault,
    name_fault,
    phone_fault,
    username_fault,
)
from yichuang.identity.rules.passwords import PASSWORD_LENGTH, password_expired, password_faults
from yichuang.identity.rules.refs import pk_of
from yichuang.identity.rules.retention import Stay
from yichuang.identity.rules.scopes import SCOPES, check_scopes

__all__ = [
    "APART",
    "FAMILY",
    "FAMILY_NAMES",
    "ID_KINDS",
    "PASSWORD_LENGTH",
    "PERSON_ID_KINDS",
    "ROLE_NAMES",
    "SCOPES",
    "WHOLE_DIVISION",
    "Identifier",
    "Stay",
    "agency_valid",
    "check_agency",
    "check_identifier",
    "check_scopes",
    "clean_identifier",
    "clean_phone",
    "conflict",
    "identifier_fault",
    "may_grant",
    "may_stand_in",
    "name_fault",
    "password_expired",
    "password_faults",
    "phone_fault",
    "pk_of",
    "stands_in",
    "username_fault",
]
