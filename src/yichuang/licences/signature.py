"""The organ's signature in a PDF (PAdES): put there, and read back. No network: what a check needs is inside the
file."""

from __future__ import annotations

import hashlib
import io
import logging
import tempfile
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigner, SigDSSPlacementPreference
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from yichuang.licences.authority import OrganCertificate, anchors, revocations

FIELD = "OrganSeal"
ALGORITHM = "sha256"
# Where the seal stands on the page, in points from the lower left corner: 42 mm across, over the organ's name and
# the date,
# on the last page.
SEAL_BOX = (576, 56, 695, 175)

for noisy in (
    "pyhanko",
    "pyhanko_certvalidator",
):  # a stranger's file is an answer to a person, not a line for the operator
    logging.getLogger(noisy).setLevel(logging.CRITICAL)


def fingerprint(content: bytes) -> str:
    """SHA-256 of a file, hex: how a licence knows its own document."""
    return hashlib.sha256(content).hexdigest()


def sign(pdf: bytes, seal: bytes, organ: OrganCertificate, identifier: str, *, at: datetime) -> bytes:
    """The document with the organ's certifying signature (no change allowed afterwards), the seal as its appearance and
    the licence's identifier as its reason; certificates and revocation data are in the same revision (PAdES B-LT
    content).
    """
    chain = [_certificate(c) for c in organ.chain]
    signer = signers.SimpleSigner(
        signing_cert=_certificate(organ.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            organ.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=SimpleCertificateStore.from_certs(chain),
    )
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=ALGORITHM,
        name=organ.name,
        reason=identifier,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        embed_validation_info=True,
        validation_context=ValidationContext(
            trust_roots=[_certificate(c) for c in (organ.chain or (organ.certificate,))[-1:]],
            other_certs=chain,
            crls=[_crl(c) for c in organ.crls],
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=at,
        ),
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )
    with tempfile.NamedTemporaryFile(suffix=".pdf") as appearance:
        appearance.write(seal)
        appearance.flush()
        pdf_signer = PdfSigner(
            meta,
            signer,
            stamp_style=StaticStampStyle.from_pdf_file(appearance.name, border_width=0),
            new_field_spec=fields.SigFieldSpec(FIELD, on_page=-1, box=SEAL_BOX),
        )
        out = pdf_signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=16384)
    return bytes(out.getvalue())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file's signature says. intact: not a byte changed since; trusted: by a certificate of ours.

    fault: "" or why nothing could be read: not_pdf, encrypted, unsigned. identifier: as the signature names it.
    """

    fault: str = ""
    intact: bool = False
    trusted: bool = False
    signer: str = ""
    certificate: str = ""
    identifier: str = ""
    signed_at: datetime | None = None

    @property
    def good(self) -> bool:
        return not self.fault and self.intact and self.trusted


def read(pdf: bytes, *, at: datetime) -> Reading:
    """Check the signature of a file as of a moment. Never raises for what a stranger may upload."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            return Reading(fault="encrypted")
        signatures = reader.embedded_regular_signatures
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, RecursionError):
        return Reading(fault="not_pdf")
    if not signatures:
        return Reading(fault="unsigned")
    signature = signatures[-1]
    try:
        reason = str(signature.sig_object.get("/Reason", ""))
        status = validate_pdf_signature(signature, signer_validation_context=_context(reader, at))
        certificate = status.signing_cert
        return Reading(
            intact=bool(
                status.intact
                and status.valid
                and len(signatures) == 1
                and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
                and status.docmdp_ok is not False
            ),
            trusted=bool(status.trusted),
            signer=str(certificate.subject.native.get("common_name", certificate.subject.human_friendly)),
            certificate=hashlib.sha256(certificate.dump()).hexdigest(),
            identifier=reason,
            signed_at=status.signer_reported_dt,
        )
    except (
        PdfError,
        SignatureValidationError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
        RecursionError,
    ):
        return Reading(identifier="")


def _context(reader: PdfFileReader, at: datetime) -> ValidationContext:
    """Trust in our own roots only; revocation data from the file and from the development authority."""
    options: dict[str, Any] = {
        "trust_roots": [_certificate(c) for c in anchors()],
        "allow_fetching": False,
        "revocation_mode": "soft-fail",
        "moment": at,
    }
    ours = [_crl(c) for c in revocations()]
    try:
        store = DocumentSecurityStore.read_dss(handler=reader)
        certificates = [asn1_x509.Certificate.load(c.get_object().data) for c in store.certs.values()]
        crls = [asn1_crl.CertificateList.load(c.get_object().data) for c in store.crls]
    except (NoDSSFoundError, ValidationInfoReadingError, PdfError, ValueError):
        return ValidationContext(crls=ours, **options)
    return ValidationContext(crls=[*ours, *crls], other_certs=certificates, **options)


def _certificate(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _crl(crl: x509.CertificateRevocationList) -> asn1_crl.CertificateList:
    return asn1_crl.CertificateList.load(crl.public_bytes(Encoding.DER))
