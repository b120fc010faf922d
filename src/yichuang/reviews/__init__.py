"""reviews (好差评, 国办发〔2019〕51号, GB/T 39734, GB/T 39735): what people think of how they were served.

Words: Invitation (评价邀请: of one visit or one case, usable once), Review (评价: final), level (满意度: five of
them, the last two
are 差评), Tag (评价标签), phase (一次一评 after service, 一事一评 after closing), default rating (系统默认评价:
kept apart and out of every rate).
Voluntary; nobody may be pressed and no staff may rate for a citizen; the evaluator's data is protected.
"""
