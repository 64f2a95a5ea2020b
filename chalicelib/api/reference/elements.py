"""Elements of HTML, whose texts and attributes the serializer escapes."""

from xml.etree.ElementTree import Element, SubElement, tostring

_CODE = "`"


def add(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """Add an element; a name of Python, such as `class_`, is written with an underscore."""
    element = SubElement(
        parent, tag, {name.removesuffix("_"): value for name, value in attributes.items()}
    )
    add_text(element, text)
    return element


def add_text(parent: Element, text: str) -> None:
    """Append a text; what stands between backticks is code."""
    for number, each in enumerate(text.split(_CODE)):
        if number % 2:
            SubElement(parent, "code").text = each
        else:
            _append(parent, each)


def html_of(root: Element) -> str:
    return "<!doctype html>\n" + tostring(root, encoding="unicode", method="html")


def _append(parent: Element, text: str) -> None:
    last = parent[-1] if len(parent) else None
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text
