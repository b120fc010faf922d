"""一窗 Yichuang: government services and administrative approvals of a district."""

__version__ = "0.1.0"
