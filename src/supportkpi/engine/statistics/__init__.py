"""What numbers are made with: quantiles, curves of survival, intervals; none knows what a ticket is."""
