"""Capabilities that the steps use: plain Python, no asset of Dagster."""
