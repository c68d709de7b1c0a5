"""The provider's side of a bench: `provider.mjs` in a process of its own, under Node of the environment, over TLS."""

import json
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

import setup_env
from tests.doubles.authority import make_authority

PROJECT = "bench"


@dataclass(frozen=True)
class Provider:
    """`origins`: its addresses, all alike. `ca`: the file of the authority to trust. `account`: a service account."""

    origins: tuple[str, ...]
    ca: Path
    account: Path

    @property
    def url(self) -> str:
        return self.origins[0]

    @property
    def environment(self) -> dict[str, str]:
        """What makes requests, httpx and Node trust it."""
        trusted = str(self.ca)
        return {"REQUESTS_CA_BUNDLE": trusted, "SSL_CERT_FILE": trusted, "NODE_EXTRA_CA_CERTS": trusted}

    def seen(self) -> dict[str, int]:
        """What it took since it started: `messages`, `pushes`, `refused`, `h2` (requests over HTTP/2)."""
        with urlopen(f"{self.url}/seen", context=ssl.create_default_context(cafile=self.ca)) as answer:
            counts: dict[str, int] = json.loads(answer.read())
        return counts


@contextmanager
def run_provider(folder: Path, origins: int = 1) -> Iterator[Provider]:
    """Start it; keys and the service account go to the folder. It ends with the block."""
    trusted, _ = make_authority(folder)
    ca = folder / "authority.pem"
    ca.write_bytes(trusted)
    argv = [setup_env.NODE, Path(__file__).with_suffix(".mjs"), folder / "server.key", folder / "server.pem"]
    process = subprocess.Popen([*argv, str(origins)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ports = json.loads(process.stdout.readline())["ports"]
        urls = tuple(f"https://127.0.0.1:{port}" for port in ports)
        yield Provider(urls, ca, _write_account(folder, urls[0]))
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def _write_account(folder: Path, url: str) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    account = {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "bench",
        "private_key": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "client_email": f"sender@{PROJECT}.iam.gserviceaccount.com",
        "token_uri": f"{url}/token",
    }
    path = folder / "account.json"
    path.write_text(json.dumps(account))
    return path
