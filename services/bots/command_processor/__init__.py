"""Takes the AI's commands: validated, judged by every safety filter, then executed, queued or blocked."""
