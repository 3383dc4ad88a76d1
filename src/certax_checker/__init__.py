"""The trusted checker of certax certificates: small, slow, and believing nothing."""

__version__ = "0.1.0"
