"""Checks of materials against what may be asked: 证明事项 and the products of 中介服务 must be listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import listed
from yichuang.catalogue.rules.findings import Context, Finding, error

NOTE = re.compile(r"（[^（）]*）|\([^()]*\)")
ATTESTS = re.compile(r"证明$")
NO_CERTIFICATE = re.compile(
    r"(?:身份|主体资格|出生医学|死亡医学|登记|备案|完税|免税|清税|纳税|合格|来历|来源|准运"
    r"|检疫|免疫|查验|毕业|肄业|注销|回收|检验|验收|产权|权属)证明$"
    r"|(?:使用|产权|使用权|场地|场所|住房)的?证明$|权属.*使用的证明$|同意|聘用|转移|相应的证明$|合法证明$"
    r"|(?:资质|资格|职称|能力|技术人员|培训)证明$"
)
"""Papers called 证明 that attest nothing for this one matter: identity papers, statutory licences and vouchers of the State
(登记、备案、完税、检疫、出生医学证明 …), certificates of goods, papers of ownership and contracts, qualifications (法定证照、法定文书、
合同凭证, 优化营商环境条例 44)."""
PRODUCT = re.compile(r"(?:检测|检验|评估|评价|预评价|审计|验资|论证|鉴定|测绘|可行性研究)报告(?:书|表|书（表）)?$")
BY_OTHERS = "99"


def certificates(c: shape.Content, context: Context) -> Iterator[Finding]:
    """A certificate that is asked for is listed: by the code that the material names, or by its name."""
    known = context.certificates
    if known is None:
        return
    for n, one in enumerate(c["materials"]):
        code, name = one["certificate"], one["material_name"]
        if code:
            if code not in known:
                yield _unlisted(
                    "certificate",
                    n,
                    f"“{name}”写明的证明事项编码“{code}”不在清单中，或已移出、取消。",
                    listed.CERTIFICATE,
                )
        elif attests(name) and not one["exempt"] and find(known, name) is None:
            yield _unlisted(
                "certificate", n, f"“{name}”是证明，没有列入证明事项清单，不得向申请人索要。", listed.CERTIFICATE
            )


def intermediaries(c: shape.Content, context: Context) -> Iterator[Finding]:
    """What an institution must make for the applicant comes of a listed service."""
    known = context.intermediaries
    if known is None:
        return
    for n, one in enumerate(c["materials"]):
        code, name = one["intermediary"], one["material_name"]
        if code:
            if code not in known:
                yield _unlisted(
                    "intermediary", n, f"“{name}”写明的中介服务编码“{code}”不在清单中，或已移出。", listed.INTERMEDIARY
                )
        elif one["source_type"] == BY_OTHERS and made(name) and not one["exempt"] and find(known, name) is None:
            yield _unlisted(
                "intermediary",
                n,
                f"“{name}”由中介机构出具，这项服务没有列入中介服务清单，不得作为受理条件。",
                listed.INTERMEDIARY,
            )


def plain(name: str) -> str:
    """A material's name without notes in brackets and blanks."""
    return NOTE.sub("", name).replace(" ", "").replace("\u3000", "")


def attests(name: str) -> bool:
    """Does a material of this name have somebody attest a fact? 证明书, 证明文件 and the papers of NO_CERTIFICATE are none."""
    bare = plain(name)
    return bool(ATTESTS.search(bare)) and not NO_CERTIFICATE.search(bare)


def made(name: str) -> bool:
    """Does a material of this name read like the work of an institution?"""
    return bool(PRODUCT.search(name.strip()) or PRODUCT.search(plain(name)))


def find(known: Mapping[str, str], name: str) -> str | None:
    """The code of the entry that bears this name."""
    return known.get(name.strip()) or known.get(plain(name))


def _unlisted(kind: str, n: int, message: str, what: listed.Shape) -> Finding:
    return error(
        f"{kind}.unlisted",
        f"materials.{n}.material_name",
        message,
        f"请先将其列入{what.label}清单并写明依据，或删去这份材料。",
        what.law,
    )
