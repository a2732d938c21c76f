"""Watch one forward run, operation by operation; nothing here knows of derivatives."""
