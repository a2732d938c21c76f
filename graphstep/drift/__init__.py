"""Where two runs of the same program part: float32 from float64, one device from another."""
