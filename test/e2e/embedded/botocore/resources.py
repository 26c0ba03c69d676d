"""Makes a data store, imports into it by a job, tags it, and deletes another; prints what botocore read, as JSON."""

import json
import sys
import time

from client import answer, error, make_client


def until_ended(client, **job):
    while True:
        properties = answer(client.get_dicom_import_job, **job)["jobProperties"]
        if properties["jobStatus"] in ("COMPLETED", "FAILED"):
            return properties
        time.sleep(0.05)


def main():
    task = json.load(sys.stdin)
    client = make_client(task["url"], task["model"], task["paginators"])
    made = answer(client.create_datastore, datastoreName="by-botocore", tags={"Made": "yes"})
    store = {"datastoreId": made["datastoreId"]}
    arn = answer(client.get_datastore, **store)["datastoreProperties"]["datastoreArn"]
    started = answer(
        client.start_dicom_import_job,
        **store,
        jobName="my-job",
        dataAccessRoleArn="arn:aws:iam::123456789012:role/ImportJobDataAccessRole",
        inputS3Uri="s3://bucket/in/",
        outputS3Uri="s3://bucket/out/",
    )
    job = until_ended(client, **store, jobId=started["jobId"])
    jobs = [
        summary["jobId"]
        for page in client.get_paginator("list_dicom_import_jobs").paginate(**store)
        for summary in page["jobSummaries"]
    ]
    answer(client.tag_resource, resourceArn=arn, tags={"Deployment": "Development"})
    tagged = answer(client.list_tags_for_resource, resourceArn=arn)["tags"]
    answer(client.untag_resource, resourceArn=arn, tagKeys=["Deployment", "Made"])
    untagged = answer(client.list_tags_for_resource, resourceArn=arn)["tags"]
    other = answer(client.create_datastore)["datastoreId"]
    found = {
        "made": made,
        "started": started,
        "job": job,
        "jobs": jobs,
        "tags": [tagged, untagged],
        "deleted": answer(client.delete_datastore, datastoreId=other),
        "errors": [
            error(client, client.delete_datastore, **store),
            error(client, client.get_dicom_import_job, **store, jobId="0"),
        ],
    }
    json.dump(found, sys.stdout, default=lambda moment: moment.timestamp())


main()
