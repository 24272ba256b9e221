"""The only place that knows Dash, Flask and HTTP; reaches the data through layers and db."""
