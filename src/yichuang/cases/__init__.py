"""A case from intake to delivery: its state, its clock, its papers.

Words: Draft (填报), Case (办件), verb (办理动作: one of `rules.machine`), step (环节), suspension (特别程序, 行政许可法 45),
document (文书), light (黄灯、红灯), checklist (材料核对). The law's days and who may do what are in `rules`, as data.
Not here: what an item asks for (`catalogue`), the licence after it is issued (`licences`), what the public sees
(`publicity`), what people think of it (`reviews`).
"""
