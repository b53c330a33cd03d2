"""Lines of JSON for schemathesis: an item is sent as one line, and the one line of the answer is held against its schema."""
import json

import schemathesis

LINES = "application/x-ndjson"


@schemathesis.serializer(LINES)
def to_line(ctx, value):
    return (json.dumps(value) + "\n").encode()


@schemathesis.deserializer(LINES)
def from_line(ctx, response):
    [line] = response.content.decode().removesuffix("\n").split("\n")  # splitlines() would split at U+0085 too
    return json.loads(line)
