"""Where people are served in person: service points and their windows.

Words: ServicePoint (服务点: a hall, a street's or a community's counter), Window (窗口, 综合 or 专窗).
Not here: working hours (core's calendar keeps them per point code), what is done at a window (cases).
"""
