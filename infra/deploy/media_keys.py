"""The keys that sign media URLs: the edge knows two public ones, the API has one private one."""

import json
from dataclasses import dataclass
from typing import Any

from infra.deploy.concerns import Concerns
from infra.local.media_keys import KEY_ID
from infra.local.terminal import say

# Parameter of the edge that takes a public key, and output that tells its id.
_SLOTS = {"MediaPublicKeyA": "MediaKeyIdA", "MediaPublicKeyB": "MediaKeyIdB"}


@dataclass(frozen=True, slots=True)
class Pair:
    public: str
    private: str

    @classmethod
    def fresh(cls) -> "Pair":
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
            PublicFormat,
        )

        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return cls(public=public.decode(), private=private.decode())


@dataclass(frozen=True, slots=True)
class MediaKeys:
    concerns: Concerns
    secrets: Any
    name: str

    def known(self) -> dict[str, str]:
        """Return the public keys the edge has, as its parameters."""
        given = self.concerns.given("edge")
        return {slot: given.get(slot, "") for slot in _SLOTS}

    def ensure(self) -> bool:
        """Have a key that the edge knows; False if there was one, and the edge is as it was."""
        current = self._current()
        has_edge = self.concerns.account.has("edge")
        if current and (not has_edge or current in self._ids().values()):
            return False
        if has_edge:
            self.rotate()
        else:
            self._switch(KEY_ID, Pair.fresh())
        return True

    def rotate(self) -> str:
        """Sign with a new key; what the last one signed stays good until the next rotation."""
        keys, ids, current = self.known(), self._ids(), self._current()
        slot = next((slot for slot in _SLOTS if not (current and ids[slot] == current)), "")
        if keys[slot]:
            # CloudFront never changes a key, so the oldest goes before the new one comes.
            keys = {**keys, slot: ""}
            self.concerns.bring_up("edge", **keys)
        pair = Pair.fresh()
        made = self.concerns.bring_up("edge", **{**keys, slot: pair.public})
        self._switch(made[_SLOTS[slot]], pair)
        return made[_SLOTS[slot]]

    def _ids(self) -> dict[str, str]:
        outputs = self.concerns.outputs
        return {slot: outputs.get(output, "") for slot, output in _SLOTS.items()}

    def _current(self) -> str:
        try:
            kept = self.secrets.get_secret_value(SecretId=self.name)["SecretString"]
            return str(json.loads(kept).get("key_id", ""))
        except (self.secrets.exceptions.ResourceNotFoundException, ValueError):
            return ""

    def _switch(self, key_id: str, pair: Pair) -> None:
        text = json.dumps(
            {"key_id": key_id, "algorithm": "ECDSA", "hash": "SHA256", "private_key": pair.private}
        )
        try:
            self.secrets.put_secret_value(SecretId=self.name, SecretString=text)
        except self.secrets.exceptions.ResourceNotFoundException:
            self.secrets.create_secret(Name=self.name, SecretString=text)
        say(f"  media are signed with {key_id}")
