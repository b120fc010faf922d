"""What the API of cases takes and gives. Names are those of the commands and of the law; dates are ISO."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Text = Field(max_length=2000)
KEY = 10**18 - 1
"""The largest key that is read."""


class Given(Schema):
    """What comes in: nothing that is not named here."""

    model_config = ConfigDict(extra="forbid")


# --- what is given back -----------------------------------------------------------------------------------------


class CaseOut(Schema):
    """办件 in a list. applicant: a person's name is masked. left: working days to due_on, negative when it is past."""

    number: str
    title: str
    item: int
    department: str
    channel: str
    state: str
    state_name: str
    applicant: str
    handler: str
    received_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    delivered_at: datetime | None
    due_on: date | None
    statutory_due_on: date | None
    promised_due_on: date | None
    provisional: bool
    moving: bool
    light: str
    instant: bool
    deemed: bool
    decision: str
    decision_number: str


class MaterialOut(Schema):
    code: str
    name: str
    need: str
    state: str
    copies: int
    ticks: list[str]
    files: list[dict[str, Any]]


class StepOut(Schema):
    code: str
    name: str
    role: str
    group: int
    state: str
    conclusion: str
    done_on: date | None


class LineOut(Schema):
    """A line of the timeline. document: its id."""

    at: datetime
    kind: str
    text: str
    note: str
    document: int | None


class VerbOut(Schema):
    """What this caller may do now."""

    verb: str
    name: str
    law: str


class CaseDetail(CaseOut):
    materials: list[MaterialOut]
    steps: list[StepOut]
    timeline: list[LineOut]
    verbs: list[VerbOut]


class FormOut(Schema):
    """What was declared. Personal data: a look by anybody but the applicant is recorded."""

    values: dict[str, Any]
    contact: dict[str, Any]
    delivery: dict[str, Any]


class DocumentOut(Schema):
    id: int
    kind: str
    name: str
    number: str
    issued_at: datetime


class ExcludedOut(Schema):
    """Days left out, both ends included."""

    first: date
    last: date
    why: str


class PeriodOut(Schema):
    """One period with its reasons: law, start (not counted), days counted, spans left out, result."""

    key: str
    title: str
    law: list[str]
    from_what: str
    start: date
    due_on: date
    unit: str
    total: int
    extension: int
    days: list[date]
    excluded: list[ExcludedOut]
    provisional: bool
    moving: bool
    left: int
    running: bool
    text: str


class DraftOut(Schema):
    """填报. revision: to be named by the next save."""

    id: str
    item: int
    version: int
    applicant: int
    values: dict[str, Any]
    contact: dict[str, Any]
    delivery: dict[str, Any]
    marked: dict[str, str]
    revision: int
    files: list[dict[str, Any]]
    case: str | None


class UploadOut(Schema):
    """file: the word by which an act of the same caller names this upload."""

    file: str
    name: str
    size: int
    media_type: str


# --- what is taken ----------------------------------------------------------------------------------------------


class DraftIn(Given):
    """fresh: discard the one that was begun."""

    item: int = Field(ge=1, le=KEY)
    applicant: int = Field(ge=1, le=KEY)
    fresh: bool = False


class DraftSave(Given):
    """values: whole groups, {"group": {...}} or {"group": [{...}]}."""

    revision: int = Field(ge=0, le=KEY)
    values: dict[str, Any] | None = None
    contact: dict[str, Any] | None = None
    delivery: dict[str, Any] | None = None


class ApplicantIn(Given):
    """As on the document that lies at the window: found by its number, else registered."""

    kind: Literal["person", "organisation", "individual_business"]
    id_kind: Literal[
        "citizen", "uscc", "passport", "hk_macao_permit", "taiwan_permit", "residence_permit", "permanent_residence"
    ]
    id_number: str = Field(max_length=64)
    name: str = Field(max_length=200)
    phone: str = Field("", max_length=20)
    address: str = Field("", max_length=200)
    legal_representative: str = Field("", max_length=80)


class Handed(Given):
    """One material: paper copies, points found in order, files (words of uploads), the day by which it follows."""

    copies: int = Field(0, ge=0, le=99)
    ticks: list[str] = []
    files: list[str] = []
    deferred: date | None = None


class IntakeIn(Given):
    """窗口收件. accept: accept at once. decide: a 即办件, accepted and decided in one act."""

    item: int = Field(ge=1, le=KEY)
    applicant: ApplicantIn
    point: str = Field("", max_length=20)
    values: dict[str, Any] = {}
    materials: dict[str, Handed] = {}
    contact: dict[str, Any] = {}
    delivery: dict[str, Any] = {}
    accept: bool = False
    decide: bool = False
    note: str = Field("", max_length=500)


class AcceptIn(Given):
    ticks: dict[str, list[str]] = {}
    paper: dict[str, int] = {}
    deferred: dict[str, date] = {}
    note: str = Field("", max_length=500)


class AcceptAndDecideIn(Given):
    ticks: dict[str, list[str]] = {}
    paper: dict[str, int] = {}
    note: str = Field("", max_length=500)


class Point(Given):
    """What is to be mended: of a material, of a field, or of neither."""

    material: str = ""
    field: str = ""
    what: str = Field(max_length=500)


class CorrectionIn(Given):
    points: list[Point]
    due_on: date | None = None
    reason: str = Field("", max_length=2000)


class ResubmitIn(Given):
    """values: the whole form, null leaves it. files: words of uploads by material; they replace what was there."""

    values: dict[str, Any] | None = None
    files: dict[str, list[str]] = {}
    paper: dict[str, int] = {}


class ReasonsIn(Given):
    reasons: str = Text
    basis: str = Field("", max_length=500)


class RedirectIn(Given):
    to: str = Field(max_length=200)
    reasons: str = Field("", max_length=2000)


class RefuseIn(ReasonsIn):
    """false_statement: 第七十八条. bar: the item directly concerns public safety, health, life or property; only for an
    item whose version does not say (`concerns_safety`)."""

    false_statement: bool = False
    bar: bool = False


class AssignIn(Given):
    staff_id: int = Field(ge=1, le=KEY)


class PassStepIn(Given):
    step: str
    opinion: str = Text
    conclusion: Literal["grant", "refuse"] = "grant"
    staff: list[Annotated[int, Field(ge=1, le=KEY)]] = []


class ReturnStepIn(Given):
    step: str
    to: str
    reason: str = Text


class SupplyIn(Given):
    material: str
    files: list[str] = []
    copies: int = Field(0, ge=0, le=99)


class StartSpecialIn(Given):
    kind: str
    reason: str = Text
    needed_days: int = Field(ge=1, le=400)
    started_on: date | None = None


class EndSpecialIn(Given):
    no: int = Field(ge=1, le=1000)
    result: str = Field("", max_length=2000)
    ended_on: date | None = None


class ExtendIn(Given):
    days: int = Field(ge=1, le=15)
    reason: str = Text
    approval: str = Field("", max_length=80)
    joint: bool = False


class GrantIn(Given):
    opinion: str = Field("", max_length=2000)


class IssueIn(Given):
    """details: field code -> value of the licence's face, where it is not as in the form."""

    details: dict[str, Any] = {}


class DeliverIn(Given):
    way: Literal["counter", "post", "electronic"]
    recipient: str = Field("", max_length=80)
    recipient_id: str = Field("", max_length=40)
    tracking: str = Field("", max_length=40)
    note: str = Field("", max_length=200)


class WithdrawIn(Given):
    reason: str = Field("", max_length=500)


class TerminateIn(Given):
    ground: str
    reasons: str = Text


class CorrectClericalIn(Given):
    document_id: int = Field(ge=1, le=KEY)
    was: str = Field(max_length=500)
    now: str = Field(max_length=500)


class NothingIn(Given):
    """The act needs no words."""
