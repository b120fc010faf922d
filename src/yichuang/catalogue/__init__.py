"""What the district does for people: items, their versions, guides, forms, laws, search.

Words: Item (政务服务事项), ItemVersion (事项版本: draft 草稿, published 已发布, retired 已废止), Material (申请材料),
Step (审批环节), Condition (受理条件), Fee (收费项目), Citation (设定依据), Law (法律法规), Alias (俗称), content (事项要素:
the one shape, keyed by the national element names, in which a version is written, digested, compared and exchanged).
Not here: applications and their clock (cases), licences that were issued (licences), service points (hall).
"""
