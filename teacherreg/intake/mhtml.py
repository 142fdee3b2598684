"""Web pages in one file: what Excel's “single file web page” is, often under the name .xls."""

import email


def pages_of(content: bytes) -> list[bytes]:
    """Give the HTML pages among the parts, as they were before they were packed."""
    parts = email.message_from_bytes(content).walk()
    pages = (p.get_payload(decode=True) for p in parts if p.get_content_type() == "text/html")
    return [page for page in pages if isinstance(page, bytes) and page]
