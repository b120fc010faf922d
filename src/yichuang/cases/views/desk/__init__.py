"""The staff's pages: what to do next (`worklist`), receiving at the window (`intake`), one case (`case`)."""
