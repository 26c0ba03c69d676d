"""botocore's client for a local HealthImaging."""

import os
import tempfile

import botocore.session
from botocore.config import Config


def make_client(url, model_file, paginators_file):
    """A client for medical-imaging: with botocore's own model, or the given one where botocore is older than the service."""
    session = botocore.session.Session()
    if "medical-imaging" not in session.get_available_services():
        session.get_component("data_loader").search_paths.insert(
            0, _data_path(model_file, paginators_file)
        )
    return session.create_client(
        "medical-imaging",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="local",
        aws_secret_access_key="local",
        # There is no runtime-127.0.0.1.
        config=Config(inject_host_prefix=False, retries={"max_attempts": 0}),
    )


def answer(call, **arguments):
    result = call(**arguments)
    result.pop("ResponseMetadata")
    return result


def error(client, call, **arguments):
    try:
        call(**arguments)
    except client.exceptions.ClientError as caught:
        status = caught.response["ResponseMetadata"]["HTTPStatusCode"]
        return [type(caught).__name__, caught.response["Error"]["Code"], status, caught.response["Error"]["Message"]]
    return None


def _data_path(model_file, paginators_file):
    root = tempfile.mkdtemp()
    folder = os.path.join(root, "medical-imaging", "2023-07-19")
    os.makedirs(folder)
    for source, name in ((model_file, "service-2.json"), (paginators_file, "paginators-1.json")):
        if not os.path.exists(source):
            raise SystemExit("Expected a botocore that knows medical-imaging, or its model in shared/contract.")
        os.symlink(source, os.path.join(folder, name))
    return root
