"""核验: the real one, and every way in which a paper, a file or a code is not what it says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.conf import settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader, PdfWriter

from yichuang.core import files
from yichuang.core.models import File, LogEvent
from yichuang.core.refusal import Refusal
from yichuang.identity.tests import given as identity
from yichuang.licences import authority, commands, document, queries, rules, signature
from yichuang.licences.models import Licence
from yichuang.licences.tests import given

pytestmark = pytest.mark.django_db
AT = given.AT
LATER = AT + timedelta(days=30)


def pdf_of(licence: Licence) -> bytes:
    assert licence.file is not None
    return files.content(licence.file)


def test_the_issued_file_verifies_and_says_no_more_than_it_must() -> None:
    made = given.licence(signed=True)
    found = queries.verify(pdf_of(made), at=LATER)
    assert (found.verdict, found.code, found.signature) == ("valid", "ok", "good")
    assert (found.signer, found.name, found.holder) == (made.issuer.name, made.name, made.holder.name)
    assert found.checked_at == LATER
    assert "凤凰路" not in str(found)
    assert queries.verify(made.identifier, at=LATER).valid
    assert queries.verify(f" {made.identifier.lower()} ", at=LATER).valid
    assert queries.verify(made.token, at=LATER).valid


def test_the_document_says_what_the_licence_says() -> None:
    made = given.licence(signed=True)
    text = PdfReader(io.BytesIO(pdf_of(made))).pages[0].extract_text().replace("\n", "").replace(" ", "")
    for word in (
        "公共场所卫生许可证",
        made.number,
        made.holder.name,
        made.holder.id_number,
        "理发店",
        made.issuer.name,
    ):
        assert word in text
    assert made.identifier in text
    assert "2026年3月2日至2030年3月1日" in text


def test_a_long_face_goes_on_a_second_page_and_is_sealed_on_the_last() -> None:
    made = given.licence(details={f"f{n}": "很长的许可内容，" * 12 for n in range(14)}, signed=True)
    assert len(PdfReader(io.BytesIO(pdf_of(made))).pages) > 1
    assert queries.verify(pdf_of(made), at=LATER).valid


def test_a_natural_person_is_masked_for_strangers() -> None:
    person, _ = identity.person("欧阳修（演示）")
    made = given.licence(person)
    found = queries.verify(made.token, at=AT)
    assert found.holder == "欧阳*（演示）"
    assert person.id_number not in str(found)


@pytest.mark.parametrize(
    ("expires", "on", "code"),
    [(date(2026, 3, 31), AT.replace(day=31), "ok"), (date(2026, 3, 31), AT.replace(month=4, day=1), "expired")],
)
def test_the_day_after_the_last_day_it_is_no_longer_valid_though_no_sweep_ran(expires, on, code) -> None:
    made = given.licence(expires_on=expires, signed=True)
    found = queries.verify(pdf_of(made), at=on)
    assert (found.code, found.valid, found.signature) == (code, code == "ok", "good")


def test_before_its_first_day_and_after_a_replacement_it_is_not_valid() -> None:
    early = given.licence(effective_on=date(2026, 4, 1))
    assert queries.verify(early.token, at=AT).code == "not_yet"
    old = given.licence(signed=True)
    new = commands.replace(old.identifier, reason="更正", by=given.by_system(), at=AT)
    assert (queries.verify(pdf_of(old), at=AT).code, queries.verify(old.token, at=AT).valid) == ("replaced", False)
    assert queries.verify(new.token, at=AT).valid


def test_any_changed_byte_of_what_was_signed_is_found() -> None:
    pdf = pdf_of(given.licence(signed=True))
    for place in (20, len(pdf) // 4, len(pdf) // 2):
        changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        assert not queries.verify(changed, at=AT).valid


def test_a_file_with_something_added_behind_is_not_the_one_that_was_sealed() -> None:
    pdf = pdf_of(given.licence(signed=True))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Extra"] = generic.pdf_string("又添一笔")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    found = queries.verify(out.getvalue(), at=AT)
    assert (found.verdict, found.code, found.signature, found.name) == ("invalid", "tampered", "bad", "")
    assert queries.verify(pdf + b"\n% more", at=AT).code == "tampered"


def stranger(name: str, uscc: str) -> authority.OrganCertificate:
    """A certificate in our organ's name by an authority that is not ours."""
    key, root = authority._make(
        x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, authority.ROOT_NAME)]), None, None
    )
    own_key, own = authority._make(x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)]), root, key)
    return authority.OrganCertificate(own, own_key, (root,))


def test_a_stranger_s_seal_is_refused_even_in_the_organ_s_name() -> None:
    made = given.licence(signed=True)
    forged = signature.sign(
        document.pdf(made), document.seal(made), stranger(made.issuer.name, made.issuer.uscc), made.identifier, at=AT
    )
    found = queries.verify(forged, at=AT)
    assert (found.verdict, found.code, found.signature, found.signer) == ("invalid", "stranger", "bad", "")
    assert "举报" in found.next_step


def test_our_own_seal_on_what_was_never_registered_is_no_licence() -> None:
    made = given.licence(signed=True)
    organ = authority.organ(made.issuer.uscc, made.issuer.name, at=AT)
    other = signature.sign(document.pdf(made), document.seal(made), organ, made.identifier, at=AT)
    found = queries.verify(other, at=AT)
    assert (found.verdict, found.code, found.signature) == ("invalid", "not_issued", "good")


def encrypted(pdf: bytes) -> bytes:
    writer = PdfWriter(io.BytesIO(pdf))
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_pdf"),
        (b"%PDF-1.7\n", "not_pdf"),
        (b"PK\x03\x04 not a pdf", "not_pdf"),
        (b"%PDF-1.7\nstartxref\n99999999\n%%EOF", "not_pdf"),
        (b"\x00" * 5000, "not_pdf"),
    ],
)
def test_what_is_no_pdf_is_said_so(content, code) -> None:
    found = queries.verify(content, at=AT)
    assert (found.verdict, found.code) == ("unknown", code)
    assert found.next_step


def test_unsigned_and_encrypted_files_are_told_apart() -> None:
    made = given.licence()
    plain = document.pdf(made)
    assert queries.verify(plain, at=AT).code == "unsigned"
    assert queries.verify(encrypted(plain), at=AT).code == "encrypted"


def test_a_forged_identifier_and_one_never_issued_are_told_apart() -> None:
    made = given.licence()
    forged = made.identifier[:-1] + ("0" if made.identifier[-1] != "0" else "1")
    assert queries.verify(forged, at=AT).code == "bad_identifier"
    assert "校验位" in queries.verify(forged, at=AT).message
    never = str(rules.Identifier(given.TYPE, made.issuer_code, "202603029999", 1))
    assert queries.verify(never, at=AT).code == "not_found"
    for token in ("", "x", made.token[:-1], "no-such-token-at-all-really-not"):
        assert queries.verify_token(token, at=AT).code == "not_found"


def test_verification_writes_nothing() -> None:
    made = given.licence(signed=True)
    before = (LogEvent.objects.count(), File.objects.count())
    queries.verify(pdf_of(made), at=AT)
    queries.verify(made.identifier, at=AT)
    assert (LogEvent.objects.count(), File.objects.count()) == before


def test_the_development_authority_keeps_its_keys_to_itself() -> None:
    given.licence(signed=True)
    folder = settings.YICHUANG.data_dir / "keys"
    keys = list(folder.glob("*.key"))
    assert keys
    assert folder.stat().st_mode & 0o077 == 0
    for path in keys:
        assert path.stat().st_mode & 0o077 == 0
    before = (folder / "authority.pem").read_bytes()
    authority.prepare()
    assert (folder / "authority.pem").read_bytes() == before


def p12(path: Path, name: str, *, until: datetime) -> None:
    """As a certification authority hands it over: key, certificate and root in one file with a password."""
    key, root = authority._make(
        x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "某电子认证服务机构")]), None, None
    )
    own_key = ec.generate_private_key(ec.SECP256R1())
    own = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, name)]))
        .issuer_name(root.subject)
        .public_key(own_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
        .not_valid_after(until)
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", own_key, own, [root], BestAvailableEncryption(b"password"))
    )


@contextmanager
def production(**changes: Any) -> Iterator[None]:
    made = settings.YICHUANG.model_copy(update={"env": "production", "signing_p12_password": "password", **changes})
    with mock.patch.object(settings, "YICHUANG", made):
        yield


def sealed(made: Licence) -> Licence:
    return commands.sign(made.identifier, by=given.by_system(), at=AT)


@pytest.mark.parametrize("place", ["seal.p12", "folder"])
def test_production_seals_with_the_organ_s_own_certificate_which_the_document_outlives(tmp_path, place) -> None:
    made = given.licence()
    path = tmp_path / place
    if place == "folder":  # one file per organ
        path.mkdir()
    organ = path / f"{made.issuer.uscc}.p12" if place == "folder" else path
    p12(organ, "阎良区行政审批服务局电子印章", until=datetime(2027, 1, 1, tzinfo=UTC))
    with production(signing_p12=path):
        made = sealed(made)
        assert made.signer == "阎良区行政审批服务局电子印章"
        assert queries.verify(pdf_of(made), at=LATER).valid
        assert queries.verify(pdf_of(made), at=AT.replace(year=2028)).valid, "checked as of the moment of its seal"
    text = PdfReader(io.BytesIO(pdf_of(made))).pages[0].extract_text()
    assert "演示样本" not in text.replace("\n", "")


def test_production_without_a_usable_certificate_seals_nothing(tmp_path) -> None:
    made = given.licence()
    path = tmp_path / "seal.p12"
    with production(signing_p12=path):
        with pytest.raises(Refusal, match="没有找到"):
            sealed(made)
        path.write_bytes(b"no certificate")
        with pytest.raises(Refusal, match="打不开"):
            sealed(made)
        p12(path, "过期印章", until=datetime(2026, 1, 1, tzinfo=UTC))
        with pytest.raises(Refusal, match="有效期"):
            sealed(made)
    made.refresh_from_db()
    assert (made.signed_at, File.objects.count()) == (None, 0)


def test_production_never_falls_back_on_the_development_authority() -> None:
    made, other = given.licence(signed=True), given.licence()
    with production(signing_p12=None):
        with pytest.raises(Refusal, match="YICHUANG_SIGNING_P12"):
            sealed(other)
        assert queries.verify(pdf_of(made), at=AT).code == "stranger"
