"""Filiation: an open linked dataset of armed groups, and the tools that judge and publish it."""
