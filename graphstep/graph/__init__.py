"""The recorded run as a graph of numbered values v_i; nothing here knows of derivatives."""
