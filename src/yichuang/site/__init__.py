"""The whole put together: settings, root URLs, wiring, composed pages, the command line, the model district."""
