"""Celery's side of deadlines. When it runs late, nothing legal changes."""

from celery import shared_task

from kernel.workflow.due import run_due


@shared_task(name="kernel.workflow.run_due")
def run_due_deadlines() -> None:
    """Play deadlines that have passed; a beat sends this every five seconds."""
    run_due()
