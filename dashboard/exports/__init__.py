"""Files from the rows on screen: columns, rows and their sources in, bytes out."""

from dashboard.exports._table import ExportMeta
from dashboard.exports.csv import read_cell, write_csv
from dashboard.exports.geojson import write_geojson
from dashboard.exports.xlsx import write_xlsx

__all__ = ["ExportMeta", "read_cell", "write_csv", "write_geojson", "write_xlsx"]
