"""Calls each of the other operations once, and prints what botocore read, as JSON."""

import gzip
import json
import sys

from client import answer, error, make_client


def main():
    task = json.load(sys.stdin)
    client = make_client(task["url"], task["model"], task["paginators"])
    store = {"datastoreId": task["datastoreId"]}
    image_set = {**store, "imageSetId": task["imageSetId"]}
    metadata = answer(client.get_image_set_metadata, **image_set)
    document = gzip.decompress(metadata.pop("imageSetMetadataBlob").read())
    found = {
        "datastore": answer(client.get_datastore, **store),
        "datastores": answer(client.list_datastores, datastoreStatus="ACTIVE"),
        "imageSet": answer(client.get_image_set, **image_set),
        "versions": answer(client.list_image_set_versions, **image_set),
        "metadata": {**metadata, "document": json.loads(document)},
        "errors": [
            error(client, client.get_image_set, **store, imageSetId="0" * 32),
            error(client, client.search_image_sets, **store, maxResults=51),
            error(client, client.search_image_sets, **store, nextToken="none of ours"),
            error(client, client.get_image_frame, **image_set, imageFrameInformation={"imageFrameId": "0" * 32}),
        ],
    }
    json.dump(found, sys.stdout, default=lambda time: time.timestamp())


main()
