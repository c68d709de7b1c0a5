"""Seals photos with AES-256-GCM, bound to clinic, client and photo id (PROMISES K3); keys by id, for rotation."""

import os
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.errors import FallowError, SettingsError
from backend.ports import SealedPhoto

KEY_SIZE = 32
NONCE_SIZE = 12


class PhotoNotAuthentic(FallowError):
    """This photo was changed after it was sealed, or belongs elsewhere."""


class PhotoSealer:
    """Seals with the current key and opens with any it holds. `keys`: key id to 32 bytes.

    Raises SettingsError, naming every fault, for a key of another length or a current key that is not among them.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        faults = [
            f"photo key {name!r} has {len(key)} bytes, needs {KEY_SIZE}"
            for name, key in keys.items()
            if len(key) != KEY_SIZE
        ]
        if current not in keys:
            faults.append(f"the current photo key {current!r} is not among the keys")
        if faults:
            raise SettingsError(tuple(faults))
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}
        self.current = current

    def seal(self, plain: bytes, aad: bytes) -> SealedPhoto:
        """Seal under the current key and a fresh nonce."""
        nonce = os.urandom(NONCE_SIZE)
        return SealedPhoto(self.current, nonce, self._ciphers[self.current].encrypt(nonce, plain, aad))

    def open(self, sealed: SealedPhoto, aad: bytes) -> bytes:
        """Give the plain bytes. Raises PhotoNotAuthentic for one changed bit, another binding or an unknown key."""
        cipher = self._ciphers.get(sealed.key_id)
        if cipher is None:
            raise PhotoNotAuthentic("sealed with a key that is not held here")
        try:
            return cipher.decrypt(sealed.nonce, sealed.data, aad)
        except (InvalidTag, ValueError):
            raise PhotoNotAuthentic from None


def read_photo_keys(setting: str) -> tuple[dict[str, bytes], str]:
    """Read FALLOW_PHOTO_KEY, `ID:BASE64URL[,ID:BASE64URL...]`, the first current. SettingsError names all faults."""
    keys: dict[str, bytes] = {}
    faults: list[str] = []
    for number, item in enumerate(setting.split(","), start=1):
        name, colon, text = item.strip().partition(":")
        if not colon or not name or name in keys:
            faults.append(f"FALLOW_PHOTO_KEY: entry {number} must be ID:KEY with an id of its own")
            continue
        try:
            keys[name] = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (Base64Error, ValueError):
            faults.append(f"FALLOW_PHOTO_KEY: the key {name!r} is not base64url")
    if faults:
        raise SettingsError(tuple(faults))
    return keys, next(iter(keys))
