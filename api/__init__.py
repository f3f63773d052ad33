"""The public read API, `/api/v1/`: channels, videos and their history, the programme, the service in numbers;
and the OpenAPI document of all that the service offers over HTTP.
"""
