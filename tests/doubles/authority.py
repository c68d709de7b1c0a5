"""A certificate authority for doubles over TLS: its PEM for the client to trust, a server context for 127.0.0.1."""

import ssl
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from backend.adapters.clock import SystemClock


def make_authority(folder: Path) -> tuple[bytes, ssl.SSLContext]:
    """Make an authority and a certificate for 127.0.0.1 by it, valid for a day; files go to the folder."""
    now = SystemClock().now()
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("Test authority", "127.0.0.1")]
    built = []
    for place, (key, name) in enumerate(zip(keys, names, strict=True)):
        is_authority = place == 0
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if not is_authority:
            address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
            certificate = certificate.add_extension(address, critical=False)
        built.append(certificate.sign(keys[0], hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / "server.pem").write_bytes(built[1])
    (folder / "server.key").write_bytes(keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return built[0], context
