"""Rules of publicity: `record` is what the standard asks of a 双公示 record, `publish` is what may be shown and
when."""
