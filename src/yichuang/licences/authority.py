"""The organs' certificates: whose electronic seal goes on a licence, and whom the platform believes.

Production: `YICHUANG_SIGNING_P12` names a PKCS#12 file (one seal for every organ) or a folder with one `<uscc>.p12` per
organ; the chain inside it is what is trusted. In development without one, a development authority is made in
`DATA_DIR/keys` on first need:
its own root, an empty revocation list, one certificate per organ; keys are readable by the owner alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.conf import settings

from yichuang.core.refusal import Refusal

ROOT_NAME = "一窗开发环境根证书（不具法律效力）"
# The development authority is valid for any moment that a demonstration may act at.
FROM = datetime(2000, 1, 1, tzinfo=UTC)
UNTIL = datetime(2099, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OrganCertificate:
    """A certificate with its key, its chain (issuer first) and what its authority has revoked."""

    certificate: x509.Certificate
    key: PrivateKeyTypes
    chain: tuple[x509.Certificate, ...]
    crls: tuple[x509.CertificateRevocationList, ...] = ()

    @property
    def name(self) -> str:
        return common_name(self.certificate)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the certificate, hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def organ(uscc: str, name: str, *, at: datetime) -> OrganCertificate:
    """The certificate by which an organ seals. Raises Refusal 409 when production has none or it is out of its term."""
    if settings.YICHUANG.signing_p12:
        found = _from_p12(uscc)
    elif settings.YICHUANG.production:
        raise Refusal(
            "licence.no_certificate",
            "平台尚未配置电子印章证书，不能用印。",
            "请系统管理员配置 YICHUANG_SIGNING_P12（电子认证服务机构签发的 PKCS#12 证书文件）。",
        )
    else:
        found = _development(uscc, name)
    if not found.certificate.not_valid_before_utc <= at <= found.certificate.not_valid_after_utc:
        raise Refusal(
            "licence.certificate_term",
            f"“{found.name}”的电子印章证书不在有效期内，不能用印。",
            "请系统管理员向电子认证服务机构更新证书，并更换签章证书文件。",
        )
    return found


def anchors() -> tuple[x509.Certificate, ...]:
    """Whom the platform believes when it checks a document: the roots of its own organs' certificates."""
    if settings.YICHUANG.signing_p12:
        held = [_load_p12(path) for path in _p12_files()]
        return tuple(
            next((c for c in reversed(each.chain) if c.subject == c.issuer), (each.chain or (each.certificate,))[-1])
            for each in held
        )
    if settings.YICHUANG.production:
        return ()
    with _locked():
        return (_root()[0],)


def revocations() -> tuple[x509.CertificateRevocationList, ...]:
    """The development authority's list; a production document carries its own."""
    if settings.YICHUANG.signing_p12 or settings.YICHUANG.production:
        return ()
    with _locked():
        return (_crl(),)


def prepare() -> None:
    """Make the development authority if there is none: on first start, so that no request waits for it."""
    if not settings.YICHUANG.signing_p12 and not settings.YICHUANG.production:
        with _locked():
            _root()
            _crl()


# production


def _p12_files() -> list[Path]:
    place = Path(settings.YICHUANG.signing_p12 or "")
    return sorted(place.glob("*.p12")) if place.is_dir() else [place]


def _from_p12(uscc: str) -> OrganCertificate:
    place = Path(settings.YICHUANG.signing_p12 or "")
    path = place / f"{uscc}.p12" if place.is_dir() else place
    if not path.is_file():
        raise Refusal(
            "licence.no_certificate",
            f"没有找到机构 {uscc} 的电子印章证书。",
            "请系统管理员按部署说明放置该机构的 PKCS#12 证书文件。",
        )
    return _load_p12(path)


def _load_p12(path: Path) -> OrganCertificate:
    password = settings.YICHUANG.signing_p12_password
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(path.read_bytes(), password.encode() or None)
    except ValueError:
        key = certificate = None
        chain = []
    if key is None or certificate is None:
        raise Refusal(
            "licence.bad_certificate",
            f"电子印章证书文件 {path.name} 打不开，或者其中没有证书和私钥。",
            "请系统管理员核对证书文件和口令（YICHUANG_SIGNING_P12_PASSWORD）。",
        )
    return OrganCertificate(certificate, key, _ordered(certificate, chain))


def _ordered(leaf: x509.Certificate, others: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Issuer first, root last."""
    chain: list[x509.Certificate] = []
    current, left = leaf, list(others)
    while current.issuer != current.subject:
        above = next((c for c in left if c.subject == current.issuer), None)
        if above is None:
            break
        chain.append(above)
        left.remove(above)
        current = above
    return tuple(chain)


# development


def _folder() -> Path:
    folder: Path = settings.YICHUANG.data_dir / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def _locked() -> Iterator[None]:
    """One maker at a time, across processes."""
    with open(_folder() / ".lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for the owner's eyes."""
    part = path.with_suffix(path.suffix + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as handle:
        handle.write(content)
    part.replace(path)


def _development(uscc: str, name: str) -> OrganCertificate:
    folder = _folder()
    certificate_file, key_file = folder / f"organ-{uscc}.pem", folder / f"organ-{uscc}.key"
    with _locked():
        root, root_key = _root()
        crl = _crl()
        if not certificate_file.exists():
            key, certificate = _make(
                x509.Name(
                    [
                        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
                        x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]),
                        x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, uscc),
                        x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
                    ]
                ),
                root,
                root_key,
            )
            _write(key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            _write(certificate_file, certificate.public_bytes(Encoding.PEM))
    return OrganCertificate(
        x509.load_pem_x509_certificate(certificate_file.read_bytes()),
        load_pem_private_key(key_file.read_bytes(), None),
        (root,),
        (crl,),
    )


def _root() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate_file, key_file = _folder() / "authority.pem", _folder() / "authority.key"
    if not certificate_file.exists():
        key, certificate = _make(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ROOT_NAME)]), None, None)
        _write(key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _write(certificate_file, certificate.public_bytes(Encoding.PEM))
    loaded = load_pem_private_key(key_file.read_bytes(), None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{key_file} does not hold the development authority's key")
    return x509.load_pem_x509_certificate(certificate_file.read_bytes()), loaded


def _crl() -> x509.CertificateRevocationList:
    path = _folder() / "authority.crl"
    if not path.exists():
        root, key = _root()
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(root.subject)
            .last_update(FROM)
            .next_update(UNTIL)
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        _write(path, made.public_bytes(Encoding.PEM))
    return x509.load_pem_x509_crl(path.read_bytes())


def _make(
    subject: x509.Name, issuer: x509.Certificate | None, issuer_key: ec.EllipticCurvePrivateKey | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """A key and its certificate: a root when no issuer is given, else an organ's seal certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    root = issuer is None or issuer_key is None
    signing_key = issuer_key or key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not root,
                content_commitment=not root,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=root,
                crl_sign=root,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    return key, builder.sign(signing_key, hashes.SHA256())
