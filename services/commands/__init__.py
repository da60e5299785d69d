"""What the AI proposes to write: commands, the rules that judge them, the people who decide, and what is written."""
