"""The register in PostGIS: its tables, its queries, the doors through which data comes in."""
