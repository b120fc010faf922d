"""Who acts: a value that every command takes as `by`."""

from __future__ import annotations

from dataclasses import dataclass, field

from yichuang.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within a scope. scope "" is the whole division; else "department:5", "point:610114001"."""

    role: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a program or the system itself, with what it may do, fixed for the length of one act.

    ref: "staff:12", "person:7" (somebody signed in at the portal), "client:3" (a program), "system:sweep".
    name: as shown in the log at the time. division: 6 digits. behalf: refs that it may act for ("applicant:9").
    standing_in_for: the ref whose post it covers (A/B posts), told in the log.
    """

    ref: str
    name: str
    division: str = ""
    grants: tuple[Grant, ...] = ()
    behalf: frozenset[str] = field(default_factory=frozenset)
    standing_in_for: str = ""

    def has(self, role: str, *scopes: str) -> bool:
        """True if the role is held for the whole division or for one of the scopes (any scope, when none is named)."""
        return any(g.role == role and (not scopes or g.scope == "" or g.scope in scopes) for g in self.grants)

    def has_any(self, roles: tuple[str, ...], *scopes: str) -> bool:
        return any(self.has(role, *scopes) for role in roles)

    def scopes(self, role: str) -> frozenset[str]:
        return frozenset(g.scope for g in self.grants if g.role == role)

    @property
    def kind(self) -> str:
        return self.ref.partition(":")[0]

    @property
    def is_staff(self) -> bool:
        return self.kind == "staff"

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    def require(self, role: str, *scopes: str) -> None:
        """Raises Refusal 403 unless the role is held (see `has`)."""
        if not self.has(role, *scopes):
            raise Refusal(
                "actor.not_permitted",
                "您没有办理此事的权限。",
                "请由具有相应岗位职责的人员办理，或向安全管理员申请授权。",
                status=403,
            )


def system(name: str, division: str = "") -> Actor:
    """The platform itself, acting by a rule: system("sweep")."""
    return Actor(ref=f"system:{name}", name="系统", division=division)


NOBODY = Actor(ref="anonymous:", name="访客")
