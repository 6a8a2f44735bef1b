"""A slip of the syntax is told where it is, which is often before the parser stumbles."""

from pathlib import Path

import pytest

from filiation import turtle

HEAD = "PREFIX g: <x:>\n"
SLIPS = [
    ("g:a\n    g:x 1 ;\n\ng:b\n    a g:G ;\n.", (3, 11), "write `.` on a line of its own before `g:b`"),
    ("g:a\n    g:x 1\n\ng:b\n    a g:G ;\n.", (3, 9), "write ` .` before `g:b` begins"),
    ("g:a\n    a g:G\n    g:x g:y ;\n.", (3, 7), "write ` ;` before `g:x`"),
    ("g:a\n    g:x g:y\n        g:z ;\n.", (3, 9), "write ` ,` before the next value"),
    ("g:a g:x g:y g:z g:w .", (2, 9), "`g:z` cannot follow `g:y`"),
    ("g:a\n    g:x g:y ,\n    ;\n.", (4, 5), "`;` where a value belongs"),
    ('g:a\n    g:x "abc@en ;\n    g:y 1 ;\n.', (3, 9), "close it with the same mark"),
    ('g:a g:x "abc@en .', (2, 9), "close it with the same mark"),
    ('g:a g:x """abc" .\n', (2, 9), "close it with the same mark"),
    ("g:a\n    a g:G ;\n", (3, 11), "write `.` at the end"),
    ("g:a\n    a g:G ;\n    g:x", (4, 5), "a value and the full stop are missing: write `g:x … .`"),
    ("g:a g:x 1 .\ng:b g:x", (3, 5), "a value and the full stop are missing"),
    ("g:a g:x 1 ,\n", (2, 11), "a value and the full stop are missing"),
    ("g:a\n    a g:G ;\n    g:x\ng:b\n    a g:G .", (4, 5), "a value and the full stop are missing"),
    ("g:a\n    g:x “abc”@en ;\n.", (3, 9), "straight ones"),
    ('g:a\n    g:x "abc"en ;\n.', (3, 14), 'write `"abc"@en`'),
    ("g:a\n    g:x 2013-08 ;\n.", (3, 9), '"2013-08"^^edtf:EDTF'),
    ("g:a\n    a ggg:G ;\n.", (3, 7), "unknown prefix `ggg:`"),
    ("g:a\n    a fil:G ;\n.", (3, 7), "add `PREFIX fil: <https://w3id.org/filiation/ontology#>` at the top"),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize(("text", "place", "message"), SLIPS)
def test_a_slip_is_told_where_it_is(text, place, message, newline):
    with pytest.raises(turtle.Unreadable) as told:
        turtle.parse((HEAD + text).replace("\n", newline), Path("x.ttl"))
    assert (told.value.line, told.value.column) == place
    assert message in told.value.message
