"""What a Celery worker needs besides Celery."""
