"""The checks of a conformance report, each as a sentence for people."""

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    "reports": "Every task has reported.",
    "objects_exist": "Every object is there.",
    "objects_unchanged": "Every object is the one that was measured.",
    "inits_identical": "All chunks of a size share one header.",
    "picture_frames": "The pictures are as many as planned.",
    "audio_frames": "The sound is as long as planned.",
    "picture_times": "The pictures follow one another without a gap.",
    "audio_times": "The sound goes on without a gap.",
    "frame_durations": "All pictures last equally long.",
    "same_duration": "Picture and sound end together.",
    "key_frames": "Every segment begins with a key picture.",
    "segment_length": "No segment is too long.",
    "codecs": "The codecs are as announced.",
    "resolutions": "The sizes are as announced.",
    "edit_lists": "There are no edit lists.",
    "frame_rate": "The frame rate is moderate.",
    "iframe_index": "The index of key pictures is right.",
    "audio_heard": "Where the source has undamaged sound, it is heard.",
    "source_pictures": "Where the source is undamaged, none of its pictures is missing.",
    "source_begins": "The video begins where the source begins, unless that is damaged.",
    "source_ends": "The video ends where the source ends, unless that is damaged.",
    "source_displayed": "Hardly any picture of the source gives way to another one unplanned.",
    "source_holds": "Where the source is undamaged, no picture stays longer than in it.",
    "bit_rates": "The bit rates keep to their limits.",
    "decodable": "Enough of the pictures can be read.",
    "audible": "Enough of the sound can be read.",
    "playlists": "The playlists are right.",
}
