"""A worker as anybody would write it, with Celery alone. It does what the prompt of its job says."""

import json
import os
import time
from pathlib import Path

from celery import Celery

app = Celery("plain", broker=os.environ["BROKER_URL"], backend="rpc://")
app.conf.update(
    task_default_queue=os.environ["QUEUE"],
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
)


@app.task(name="plain.generate", bind=True, track_started=True)
def generate(self, job):
    return work(self, job)


@app.task(name="plain.silent", bind=True)
def silent(self, job):
    """It is not even told when this one begins."""
    return work(self, job)


def work(task, job):
    plan = json.loads(job["params"]["prompt"])
    if plan["do"] == "report":
        task.update_state(state="PROGRESS", meta={"percent": 20.5, "stage": "shape"})
        task.update_state(state="PAINTING", meta={"current": 3, "total": 4})
    if plan["do"] == "raise":
        raise {"memory": RuntimeError("CUDA out of memory. SECRET"), "value": ValueError("SECRET")}[plan["what"]]
    if plan["do"] == "lie":
        return {"artifacts": [{"name": "model.glb"}]}
    if plan["do"] == "wait":
        over_at = time.monotonic() + 60
        while not Path(os.environ["GATES"], plan["gate"]).exists() and time.monotonic() < over_at:
            time.sleep(0.02)
    formats = {"glb": "glb", "png": "png"}
    return {
        "artifacts": [
            {"name": name, "format": formats[name.split(".")[-1]], "bytes": 10, "sha256": "a" * 64}
            for name in (output["name"] for output in job["outputs"] if output["required"])
        ]
    }
