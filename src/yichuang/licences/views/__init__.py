"""Pages of licences: verification for anybody, the wallet for the holder."""
