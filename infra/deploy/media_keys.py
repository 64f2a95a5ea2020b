"""The keys that sign media URLs: the edge knows two public ones, the API has one private one."""

import json
from dataclasses import dataclass
from typing import Any

from infra.deploy.stage_stacks import StageStacks
from infra.media_key_pair import KEY_ID, Pair
from infra.terminal import say

# Parameter of the edge that takes a public key, and output that tells its id.
_SLOTS = {"MediaPublicKeyA": "MediaKeyIdA", "MediaPublicKeyB": "MediaKeyIdB"}


@dataclass(frozen=True, slots=True)
class MediaKeys:
    stacks: StageStacks
    secrets: Any
    name: str

    def known(self) -> dict[str, str]:
        """Return the public keys the edge has, as its parameters."""
        given = self.stacks.parameters_of("edge")
        return {slot: given.get(slot, "") for slot in _SLOTS}

    def ensure(self) -> bool:
        """Have a key that the edge knows; False if there was one, and the edge is as it was."""
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
        """Sign with a new key; what the last one signed stays good until the next rotation."""
        keys, ids, current = self.known(), self._ids(), self._current()
        slot = next((slot for slot in _SLOTS if not (current and ids[slot] == current)), "")
        if keys[slot]:
            # CloudFront never changes a key, so the oldest goes before the new one comes.
            keys = {**keys, slot: ""}
            self.stacks.bring_up("edge", **keys)
        pair = Pair.fresh()
        made = self.stacks.bring_up("edge", **{**keys, slot: pair.public})
        self._switch(made[_SLOTS[slot]], pair)
        return made[_SLOTS[slot]]

    def _ids(self) -> dict[str, str]:
        outputs = self.stacks.outputs
        return {slot: outputs.get(output, "") for slot, output in _SLOTS.items()}

    def _current(self) -> str:
        try:
            kept = self.secrets.get_secret_value(SecretId=self.name)["SecretString"]
            return str(json.loads(kept).get("key_id", ""))
        except (self.secrets.exceptions.ResourceNotFoundException, ValueError):
            return ""

    def _switch(self, key_id: str, pair: Pair) -> None:
        text = pair.secret(key_id)
        try:
            self.secrets.put_secret_value(SecretId=self.name, SecretString=text)
        except self.secrets.exceptions.ResourceNotFoundException:
            self.secrets.create_secret(Name=self.name, SecretString=text)
        say(f"  media are signed with {key_id}")
