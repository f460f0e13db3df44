"""One letter in the browser, as it will be published, and anew after each save."""

from letters.preview.app import serve_preview

__all__ = ["serve_preview"]
