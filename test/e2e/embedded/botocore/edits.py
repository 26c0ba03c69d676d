"""Copies, updates and deletes an image set, in the order of AWS's examples, and prints what botocore read, as JSON."""

import json
import sys
import time

from client import answer, error, make_client


def main():
    task = json.load(sys.stdin)
    client = make_client(task["url"], task["model"], task["paginators"])
    store = {"datastoreId": task["datastoreId"]}
    source = task["imageSetId"]

    def unlocked(image_set_id):
        while True:
            found = answer(client.get_image_set, **store, imageSetId=image_set_id)
            if found["imageSetState"] != "LOCKED":
                return found
            time.sleep(0.01)

    copied = answer(
        client.copy_image_set,
        **store,
        sourceImageSetId=source,
        copyImageSetInformation={"sourceImageSet": {"latestVersionId": "1"}},
    )
    copy = copied["destinationImageSetProperties"]["imageSetId"]
    found = {"copied": copied, "copy": unlocked(copy), "source": unlocked(source)}
    attributes = json.dumps({"SchemaVersion": 1.1, "Study": {"DICOM": {"StudyDescription": "After"}}})
    found["updating"] = answer(
        client.update_image_set_metadata,
        **store,
        imageSetId=copy,
        latestVersionId="1",
        updateImageSetMetadataUpdates={"DICOMUpdates": {"updatableAttributes": attributes.encode()}},
    )
    found["updated"] = unlocked(copy)
    found["stale"] = error(
        client,
        client.update_image_set_metadata,
        **store,
        imageSetId=copy,
        latestVersionId="1",
        updateImageSetMetadataUpdates={"revertToVersionId": "1"},
    )
    found["deleting"] = answer(client.delete_image_set, **store, imageSetId=copy)
    found["deleted"] = unlocked(copy)
    json.dump(found, sys.stdout, default=lambda time: time.timestamp())


main()
