"""TLS for `./run demo --lan`: an authority of its own, and a certificate for this machine's address in the network."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

EXPLANATION = """  A phone has to trust this demo's own authority once:
    1. Send {certificate} to the phone (cable or mail to yourself).
    2. iPhone: open it, then Settings > General > VPN & Device Management > install, then
       Settings > General > About > Certificate Trust Settings > switch it on.
       Android: Settings > Security > Encryption & credentials > Install a certificate > CA certificate.
    3. Open the link above or scan the code. Remove the certificate when you are done."""
CA_DAYS = 30
UNROUTABLE = ("192.0.2.1", 9)  # a documentation address: asks the routing table, sends nothing


@dataclass(frozen=True, slots=True)
class Files:
    authority: Path
    certificate: Path
    key: Path


def lan_address() -> str:
    """This machine's address in its network; 127.0.0.1 where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(UNROUTABLE)
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address


def trusting(files: Files) -> ssl.SSLContext:
    """A client's context that trusts the demo's authority."""
    return ssl.create_default_context(cafile=str(files.authority))


def make_files(folder: Path, host: str, now: datetime) -> Files:
    """Writes a fresh authority and a certificate for `host`, good from `now` (real time).

    The authority's own key is thrown away.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    span = (now - timedelta(days=2), now + timedelta(days=CA_DAYS))
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demo on this machine")])
    authority = (
        _builder(ca_name, ca_name, ca_key.public_key(), span)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host)), x509.DNSName("localhost")])
    certificate = (
        _builder(name, ca_name, key.public_key(), span)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    files = Files(folder / "ca.crt", folder / "server.crt", folder / "server.key")
    files.authority.write_bytes(authority.public_bytes(Encoding.PEM))
    files.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    files.key.touch(mode=0o600)
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    span: tuple[datetime, datetime],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(span[0])
        .not_valid_after(span[1])
    )


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
