"""Loaded by pytest before Django: tests never touch the developer's data folder or settings.

Every run has a data folder of its own, removed when it ends; the database is SQLite there unless
`YICHUANG_DATABASE_URL` names a PostgreSQL server.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "YICHUANG_TEST_DIR" not in os.environ:
    folder = tempfile.mkdtemp(prefix="yichuang-test-")
    os.environ["YICHUANG_TEST_DIR"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["YICHUANG_DATA_DIR"] = os.environ["YICHUANG_TEST_DIR"]
os.environ["YICHUANG_ENV"] = "test"
