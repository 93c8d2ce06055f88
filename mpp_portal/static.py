"""Static files: names with a hash, each compressed once."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedOnce(CompressedManifestStaticFilesStorage):
    """Compresses only names with a hash, and those only once: after an edit this takes seconds, not half a minute."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        hashed = set(self.hashed_files.values())
        # The .gz is written last: where it stands, the .br is whole.
        fresh = [path for path in paths if path in hashed and not Path(f"{self.path(path)}.gz").exists()]
        return super().compress_files(fresh)
