"""The media signing keys: the edge has two public keys, the API has one private key."""

import json
from dataclasses import dataclass
from typing import Any

from infra.deploy.stage_stacks import StageStacks
from infra.media_signing_key_pair import KEY_ID, Pair, secret_name
from infra.terminal import say

# The edge's parameter for a public key, and the output with its id.
_SLOTS = {"MediaPublicKeyA": "MediaKeyIdA", "MediaPublicKeyB": "MediaKeyIdB"}


@dataclass(frozen=True, slots=True)
class MediaSigningKeys:
    stacks: StageStacks
    secrets: Any

    @property
    def name(self) -> str:
        return secret_name(self.stacks.prefix)

    def known(self) -> dict[str, str]:
        """Return the public keys the edge has, as its parameters."""
        parameters = self.stacks.parameters_of("edge")
        return {slot: parameters.get(slot, "") for slot in _SLOTS}

    def ensure(self) -> bool:
        """Create a key pair unless the edge knows the current one; False if nothing changed."""
        current = self._current()
        has_edge = self.stacks.account.has("edge")
        if current and (not has_edge or current in self._ids().values()):
            return False
        if has_edge:
            self.rotate()
        else:
            self._switch(KEY_ID, Pair.fresh())
        return True

    def rotate(self) -> str:
        """Sign with a new key; URLs of the previous one stay valid until the next rotation."""
        keys, ids, current = self.known(), self._ids(), self._current()
        slot = next((slot for slot in _SLOTS if not (current and ids[slot] == current)), "")
        if keys[slot]:
            # CloudFront cannot change a key, so the oldest is removed before the new one is added.
            keys = {**keys, slot: ""}
            self.stacks.create_or_update("edge", **keys)
        pair = Pair.fresh()
        outputs = self.stacks.create_or_update("edge", **{**keys, slot: pair.public})
        self._switch(outputs[_SLOTS[slot]], pair)
        return outputs[_SLOTS[slot]]

    def _ids(self) -> dict[str, str]:
        outputs = self.stacks.outputs
        return {slot: outputs.get(output, "") for slot, output in _SLOTS.items()}

    def _current(self) -> str:
        try:
            secret = self.secrets.get_secret_value(SecretId=self.name)["SecretString"]
            return str(json.loads(secret).get("key_id", ""))
        except (self.secrets.exceptions.ResourceNotFoundException, ValueError):
            return ""

    def _switch(self, key_id: str, pair: Pair) -> None:
        text = pair.secret(key_id)
        try:
            self.secrets.put_secret_value(SecretId=self.name, SecretString=text)
        except self.secrets.exceptions.ResourceNotFoundException:
            self.secrets.create_secret(Name=self.name, SecretString=text)
        say(f"  media are signed with {key_id}")
