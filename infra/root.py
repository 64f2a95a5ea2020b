"""The root folder of the project, and the folder of its templates below it."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
TEMPLATE_FOLDER = Path("infra", "templates")
