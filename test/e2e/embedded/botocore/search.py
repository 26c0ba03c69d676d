"""Reads searches from stdin, runs each through botocore's paginator, and prints the rows it found, as JSON."""

import datetime
import json
import sys

from client import make_client


def decode(value):
    """Times come as {"$time": seconds}."""
    if isinstance(value, dict):
        if set(value) == {"$time"}:
            return datetime.datetime.fromtimestamp(value["$time"], datetime.timezone.utc)
        return {key: decode(item) for key, item in value.items()}
    if isinstance(value, list):
        return [decode(item) for item in value]
    return value


def rows(result):
    return [row["imageSetId"] for row in result.get("imageSetsMetadataSummaries", [])]


def paginate(client, arguments, config):
    paginator = client.get_paginator("search_image_sets")
    return paginator.paginate(**arguments, PaginationConfig=config)


def in_parts(client, arguments, page_size, max_items):
    """All rows, `max_items` at a time, each time continued by botocore's own resume token."""
    found, token = [], None
    while True:
        config = {"PageSize": page_size, "MaxItems": max_items, "StartingToken": token}
        result = paginate(client, arguments, config).build_full_result()
        found.append(rows(result))
        token = result.get("NextToken")
        if token is None:
            return found


def run(client, datastore_id, search):
    arguments = {"datastoreId": datastore_id}
    if search.get("criteria"):
        arguments["searchCriteria"] = decode(search["criteria"])
    if "maxItems" in search:
        return in_parts(client, arguments, search["pageSize"], search["maxItems"])
    return [rows(page) for page in paginate(client, arguments, {"PageSize": search["pageSize"]})]


def main():
    task = json.load(sys.stdin)
    client = make_client(task["url"], task["model"], task["paginators"])
    json.dump([run(client, task["datastoreId"], search) for search in task["searches"]], sys.stdout)


main()
