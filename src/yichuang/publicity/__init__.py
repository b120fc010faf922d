"""publicity (行政执法公示): what the public may see of decisions, and what other systems are told of them.

Words: PublicRecord (公示记录: one per licence decision), 双公示 (the record of a licence or penalty decision that
goes to the
credit platform in the standard's fields), withheld (不予公开, with the reason of 行政许可法 5), due date (7 working
days after the decision, 国办发〔2018〕118号), push (报送), receipt (回执), compliance (及时率).
It is not the decision (`cases`) and not the licence (`licences`).
"""
