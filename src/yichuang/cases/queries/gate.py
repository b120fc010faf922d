"""The one gate of cases: who may see which, and nobody else learns that it exists."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from yichuang.cases.models import Case, CaseStep, Document, MaterialFile
from yichuang.cases.rules.machine import permit, roles_of
from yichuang.core import compiled
from yichuang.core.actor import Actor
from yichuang.core.refusal import Refusal

STAFF = ("window_clerk", "handler", "reviewer", "legal_reviewer", "head", "publicity_officer", "auditor", "cases:read")
"""Roles, and the scope of a program, that see the cases of their department, point or division."""
SHOWN = ("applicant", "agent", "department", "department__clock_rule", "handler", "item")


def not_there() -> Refusal:
    """For a case that is not there, and for one that is a stranger's: the same words."""
    return Refusal(
        "case.unknown",
        "没有这个办件，或者它不属于您可以查看的范围。",
        "请核对办件编号；如系他人代您申请，请由该账户登录查看。",
        status=404,
    )


def _scopes(actor: Actor) -> tuple[bool, set[int], set[str]]:
    """(whole division, departments, points) in which the actor holds a role that sees cases."""
    held = {g.scope for g in actor.grants if g.role in STAFF}
    departments = {int(s.partition(":")[2]) for s in held if s.startswith("department:")}
    points = {s.partition(":")[2] for s in held if s.startswith("point:")}
    return "" in held, departments, points


def visible(case: Case, actor: Actor) -> bool:
    """Applicant, agent, staff of the department, of the point, or of a department that has a step; the system."""
    if actor.is_system:
        return actor.division in ("", case.division)
    if f"applicant:{case.applicant_id}" in actor.behalf:
        return True
    if case.agent_id and f"applicant:{case.agent_id}" in actor.behalf:
        return True
    whole, departments, points = _scopes(actor)
    if actor.division != case.division:
        return False
    if whole or case.department_id in departments or (case.point and case.point in points):
        return True
    return bool(departments) and CaseStep.objects.filter(case=case, joint=True, department_id__in=departments).exists()


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """All cases that the actor may see, as a staff member or on behalf of applicants."""
    whole, departments, points = _scopes(actor)
    if actor.behalf and not actor.grants:
        ids = [int(ref.partition(":")[2]) for ref in actor.behalf if ref.startswith("applicant:")]
        return Case.objects.filter(Q(applicant__in=ids) | Q(agent__in=ids))
    rows = Case.objects.filter(division=actor.division)
    if whole:
        return rows
    if departments and points:
        return rows.filter(Q(department__in=departments) | Q(point__in=points) | _steps(departments))
    if departments:
        return rows.filter(Q(department__in=departments) | _steps(departments))
    if points:
        return rows.filter(point__in=points)
    return Case.objects.none()


def _steps(departments: set[int]) -> Exists:
    """Cases of other departments in which one of these has a step."""
    return Exists(CaseStep.objects.filter(case=OuterRef("pk"), joint=True, department__in=departments))


def case_for(actor: Actor, number: str, verb: str = "view") -> Case:
    """The case, with applicant, agent, department, handler and item. Raises Refusal 404 for strangers; for another
    verb than "view", 403 or 409 when the state or the actor's roles do not allow it. 1 query (2 for joint departments)."""
    case = compiled.one(_shown, number)
    if case is None or not visible(case, actor):
        raise not_there()
    if verb != "view":
        permit(case.facts(), verb, actor)
    return case


def _shown(number: str) -> QuerySet[Case]:
    return Case.objects.filter(number=number).select_related(*SHOWN)


def roles_in(case: Case, actor: Actor) -> frozenset[str]:
    """The actor's roles in the case, as the machine names them."""
    return roles_of(case.facts(), actor)


def documents_for(actor: Actor, document_id: int) -> Document:
    """A document of a case that the actor may see. Raises Refusal 404."""
    document = Document.objects.select_related("case", "file").filter(pk=document_id).first()
    if document is None or not visible(document.case, actor):
        raise not_there()
    return document


def material_file(actor: Actor, number: str, file_id: int) -> MaterialFile:
    """A file that was handed in with a case that the actor may see. Raises Refusal 404."""
    found = (
        MaterialFile.objects.select_related("file", "material__case")
        .filter(pk=file_id, material__case__number=number)
        .first()
    )
    if found is None or not visible(found.material.case, actor):
        raise not_there()
    return found
