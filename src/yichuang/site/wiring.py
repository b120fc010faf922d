"""What follows from what: literal tables, one line per entry, sorted by package. There are no Django signals.

REACTIONS  kind of event -> what other packages do in the same transaction (database only)
ADAPTERS   name -> how the worker delivers an outbox message (core/outbox.py, core/adapters.py)
SCHEDULE   what the worker does by itself every so many minutes (core/schedule.py)
JOBS       kind of long work -> its function (core/jobs.py)
GUIDE      what higher floors add to an item's printed guide (catalogue/queries/guide.py)
CONCERNED  adjustment of powers -> whom it concerns beside the followers of its items, and what they are told
           (catalogue/commands/telling.py)
RETAINED   applicant -> why their personal data cannot be erased now, "" when nothing stands against it
STAYS      applicant, day -> which of their papers are kept although they are erased, why and until when
REPLAYS    kind of stream -> further comparison of the log with rows, for `yichuang log verify` (core/verify.py)
POINTS     division -> its service points (core/places.py)
OBJECTS    first word of a kind or stream -> what it is called in the log; KINDS kind of event -> its name (each package's
           kinds.py); SENTENCES first word of a kind -> how an event of it reads as a sentence
NAV        the links of the portal's and the desk's frame (core/context.py)
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yichuang.cases import commands as cases_commands
from yichuang.cases import kinds as cases_kinds
from yichuang.cases import queries as cases_queries
from yichuang.cases import reactions as cases_reactions
from yichuang.cases.queries import proof as cases_proof
from yichuang.cases.rules import sentences as cases_sentences
from yichuang.catalogue import commands as catalogue_commands
from yichuang.catalogue import kinds as catalogue_kinds
from yichuang.catalogue import queries as catalogue_queries
from yichuang.catalogue.queries.guide import Added
from yichuang.catalogue.rules.following import Concerned
from yichuang.core import adapters, files, housekeeping, seal, verify
from yichuang.core import kinds as core_kinds
from yichuang.core.context import Link
from yichuang.core.jobs import Work
from yichuang.core.log import Reaction, Sentence
from yichuang.core.outbox import Adapter
from yichuang.core.places import Points
from yichuang.core.schedule import Sweep
from yichuang.core.verify import Replay
from yichuang.hall import kinds as hall_kinds
from yichuang.hall import queries as hall_queries
from yichuang.identity import adapters as identity_adapters
from yichuang.identity import kinds as identity_kinds
from yichuang.identity.commands.applicants import Retained, Stays
from yichuang.identity.queries import replay as identity_replay
from yichuang.identity.queries.staff import VIEWERS as STAFF_VIEWERS
from yichuang.licences import adapters as licence_adapters
from yichuang.licences import kinds as licence_kinds
from yichuang.licences import queries as licence_queries
from yichuang.licences import sweeps as licence_sweeps
from yichuang.publicity import adapters as publicity_adapters
from yichuang.publicity import kinds as publicity_kinds
from yichuang.publicity import reactions as publicity_reactions
from yichuang.publicity import sweeps as publicity_sweeps
from yichuang.reviews import kinds as reviews_kinds
from yichuang.reviews import reactions as reviews_reactions
from yichuang.site import kinds as site_kinds

REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "adjustment.effected": (catalogue_commands.adjustment_effected,),
    "applicant.erased": (catalogue_commands.applicant_erased, cases_reactions.applicant_erased),
    "calendar.changed": (cases_reactions.calendar_changed, publicity_reactions.calendar_changed),
    "case.delivered": (reviews_reactions.closing,),
    "case.granted": (publicity_reactions.decided,),
    "case.issued": (publicity_reactions.issued,),
    "case.submitted": (reviews_reactions.service,),
    "item.published": (catalogue_commands.item_changed,),
    "item.retired": (catalogue_commands.item_retired, catalogue_commands.item_changed),
    "law.set": (catalogue_commands.law_changed,),
    "law.version_added": (catalogue_commands.law_changed,),
}

ADAPTERS: dict[str, Adapter] = {
    "console": adapters.console,
    "credit.file": publicity_adapters.file,
    "credit.http": publicity_adapters.http,
    "licence.sign": licence_adapters.seal,
    "real_name": identity_adapters.real_name,
    "sms": identity_adapters.sms,
}

SCHEDULE: tuple[Sweep, ...] = (
    Sweep("cases.attend", cases_commands.attend, every_minutes=10),
    Sweep("cases.forget", cases_commands.forget, every_minutes=1440),
    Sweep("catalogue.adjust", catalogue_commands.effect_due, every_minutes=30),
    Sweep("catalogue.forget", catalogue_commands.forget_needs, every_minutes=1440),
    Sweep("catalogue.publish", catalogue_commands.publish_due, every_minutes=30),
    Sweep("core.files", files.sweep, every_minutes=1440),
    Sweep("core.seal", seal.sweep, every_minutes=10),
    Sweep("core.housekeeping", housekeeping.sweep, every_minutes=60),
    Sweep("licences.expire", licence_sweeps.expire, every_minutes=30),
    Sweep("publicity.warn", publicity_sweeps.warn, every_minutes=60),
)

JOBS: dict[str, Work] = {
    "cases.recompute": cases_reactions.recompute,
    "catalogue.booklet": catalogue_commands.print_booklet,
    "catalogue.bulk_edit": catalogue_commands.edit_bulk,
    "catalogue.bulk_submit": catalogue_commands.submit_bulk,
    "catalogue.export": catalogue_commands.export_table,
    "catalogue.import": catalogue_commands.import_table,
    "catalogue.rehearse": catalogue_commands.rehearse_table,
    "catalogue.publish_list": catalogue_commands.publish_list,
    "catalogue.tell": catalogue_commands.tell,
    "core.verify": verify.job,
}

GUIDE: tuple[Added, ...] = (hall_queries.guide_section,)

CONCERNED: tuple[Concerned, ...] = (cases_queries.CONCERNED, licence_queries.CONCERNED)

REPLAYS: dict[str, Replay] = {
    "case": cases_proof.compare,
    "follow": catalogue_queries.replayed_follows,
    "law": catalogue_queries.replayed_laws,
    "staff": identity_replay.staff,
    "version": catalogue_queries.replayed_remarks,
}

RETAINED: tuple[Retained, ...] = (cases_queries.retained,)

POINTS: Points = hall_queries.points

OBJECTS: dict[str, str | Promise] = {
    **cases_kinds.OBJECTS,
    **catalogue_kinds.OBJECTS,
    **core_kinds.OBJECTS,
    **hall_kinds.OBJECTS,
    **identity_kinds.OBJECTS,
    **licence_kinds.OBJECTS,
    **publicity_kinds.OBJECTS,
    **reviews_kinds.OBJECTS,
    **site_kinds.OBJECTS,
}

KINDS: dict[str, str | Promise] = {
    **cases_kinds.KINDS,
    **catalogue_kinds.KINDS,
    **core_kinds.KINDS,
    **hall_kinds.KINDS,
    **identity_kinds.KINDS,
    **licence_kinds.KINDS,
    **publicity_kinds.KINDS,
    **reviews_kinds.KINDS,
    **site_kinds.KINDS,
}

SENTENCES: dict[str, Sentence] = {"case": cases_sentences.sentence}
STAYS: tuple[Stays, ...] = (cases_queries.stays, licence_queries.stays)

NAV: dict[str, tuple[Link, ...]] = {
    "portal": (
        Link(_("首页"), "site:home"),
        Link(_("办事"), "catalogue:search"),
        Link(_("全生命周期"), "catalogue:life"),
        Link(_("清单"), "catalogue:lists"),
        Link(_("我的办件"), "cases:my"),
        Link(_("服务点"), "hall:points"),
        Link(_("证照核验"), "licences:verify"),
        Link(_("结果公示"), "publicity:results"),
        Link(_("服务评价"), "reviews:public"),
        Link(_("指标数据"), "reports:figures"),
    ),
    "desk": (
        Link(_("工作列表"), "cases:worklist", "list", group=_("办件"), count="cases:worklist_count"),
        Link(_("窗口收件"), "cases:intake", "plus", ("window_clerk",), _("办件")),
        Link(_("申请人"), "identity:people", "card", ("window_clerk", "handler"), _("办件")),
        Link(_("证照"), "licences:registry", "licence", group=_("办件")),
        Link(
            _("双公示"),
            "publicity:desk",
            "megaphone",
            ("publicity_officer", "head", "auditor"),
            _("办件"),
            "publicity:count",
        ),
        Link(
            _("好差评"), "reviews:desk", "star", ("head", "auditor", "reviewer", "handler", "window_clerk"), _("办件")
        ),
        Link(
            _("事项目录"), "catalogue:desk", "book", ("catalogue_editor", "head", "window_clerk", "handler"), _("事项")
        ),
        Link(
            _("版本审核"),
            "catalogue:reviews",
            "shield",
            ("legal_reviewer", "catalogue_editor", "head", "auditor"),
            _("事项"),
            "catalogue:reviews_count",
        ),
        Link(
            _("全生命周期"),
            "catalogue:desk_life",
            "leaf",
            ("catalogue_editor", "head", "window_clerk", "handler"),
            _("事项"),
        ),
        Link(
            _("法规库"),
            "catalogue:desk_laws",
            "file",
            ("catalogue_editor", "legal_reviewer", "head", "auditor"),
            _("事项"),
        ),
        Link(
            _("没有找到的事"),
            "catalogue:unanswered",
            "search",
            ("catalogue_editor", "head", "auditor"),
            _("事项"),
        ),
        Link(
            _("公布清单"),
            "catalogue:desk_lists",
            "list",
            ("catalogue_editor", "publicity_officer", "head", "legal_reviewer", "auditor"),
            _("事项"),
        ),
        Link(_("权力事项调整"), "catalogue:adjustments", "swap", group=_("事项")),
        Link(_("工作日历"), "core:calendar", "calendar", group=_("运行")),
        Link(_("外发队列"), "core:outbox", "send", ("system_administrator", "publicity_officer"), _("运行")),
        Link(_("后台任务"), "core:jobs", "gear", group=_("运行")),
        Link(_("人员与授权"), "identity:staff", "users", STAFF_VIEWERS, _("运行")),
        Link(_("AB岗"), "identity:posts", "swap", group=_("运行")),
        Link(_("接入系统"), "identity:clients", "link", ("security_administrator", "auditor"), _("运行")),
        Link(_("访问审计"), "identity:access", "eye", ("auditor",), _("运行")),
        Link(_("登录记录"), "identity:sign_ins", "shield", ("auditor", "security_administrator"), _("运行")),
        Link(_("日志"), "core:log", "log", ("auditor", "security_administrator"), _("运行")),
    ),
}
