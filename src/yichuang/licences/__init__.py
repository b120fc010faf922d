"""licences (电子证照): the licence as a document that can be trusted by whoever is shown it.

Words: Licence (电子证照), identifier (电子证照标识, GB/T 36904), issuer (颁发机构), holder (持证主体), registry
(证照目录),
state (证照状态), seal (电子印章: the organ's signature and its red appearance), verification (核验), replacement (换发:
the next version of the same licence, the one before is no longer in force).
It is not the decision (that is `cases`: the decision to grant comes first, the licence follows it) and not what the
public may
read of decisions (`publicity`). Files: `authority` holds the organs' certificates, `signature` puts one into a PDF
and reads it.
"""
