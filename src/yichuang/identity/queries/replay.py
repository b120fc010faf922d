"""For `yichuang log verify`: grants of roles are what the log says, row by row. Who edits the table is found out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yichuang.core.events import Event
from yichuang.core.models import Logged
from yichuang.core.verify import Fault
from yichuang.identity.models import RoleGrant
from yichuang.identity.rules import pk_of

Grants = dict[int, tuple[str, int | None, str]]


def staff(streams: Mapping[str, Sequence[Event]], _rows: Mapping[str, Logged]) -> Iterable[Fault]:
    """Compares the grants in force of a batch of staff with their streams. 1 query."""
    rows: dict[str, Grants] = {stream: {} for stream in streams}
    found = RoleGrant.objects.filter(staff_id__in=[pk_of(s) for s in streams], ended_at__isnull=True)
    for pk, staff_id, role, department, point in found.values_list("pk", "staff_id", "role", "department_id", "point"):
        rows[f"staff:{staff_id}"][pk] = (role, department, point)
    for stream, events in streams.items():
        logged: Grants = {}
        for event in events:
            data = event.data
            if event.kind == "staff.role_granted":
                logged[data["grant"]] = (data["role"], data["department"], data["point"])
            elif event.kind == "staff.role_ended":
                logged.pop(data["grant"], None)
        if logged != rows[stream]:
            differ = sorted(set(logged.items()) ^ set(rows[stream].items()))
            roles = "、".join(dict.fromkeys(role for _, (role, _, _) in differ))
            yield Fault(stream, 0, "row_changed", f"现行授权与日志不符：{roles} / grants differ from the log")
